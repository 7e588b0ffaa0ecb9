namespace Kataven.Bench.Grounds;

/// <summary>What a load needs below it.</summary>
/// <param name="MaxConnections">That the server takes.</param>
/// <param name="Accounts">That have a database.</param>
/// <param name="Throwaway">Whether nothing of it may be there before, and nothing is kept.</param>
internal sealed record GroundNeeds(int MaxConnections, int Accounts, bool Throwaway = false)
{
    /// <summary>Enough for a pool an account, whatever the number of accounts that are used at once.</summary>
    public const int ManyConnections = 800;
}
