using Orleans.Runtime;

namespace Kataven.Accounts;

/// <summary>
/// The version of an account's row that whoever changes the account has read, beside the call. One that comes late, since its silo was frozen
/// or had to hand it on, finds another version there: its caller has been answered elsewhere, and may have asked for the opposite by then.
/// </summary>
/// <remarks>In the context of the call and not among its parameters: silos of a version before do without it.</remarks>
public static class KnownVersion
{
    private const string Key = "kataven.known_version";

    /// <summary>Within a call: what came with it, or null.</summary>
    public static long? OfCall => RequestContext.Get(Key) as long?;

    /// <summary>Makes a call with it.</summary>
    public static async Task<T> WithAsync<T>(long version, Func<Task<T>> call)
    {
        // What is set in here goes with the call, and does not stay with whoever makes it.
        RequestContext.Set(Key, version);
        return await call();
    }
}
