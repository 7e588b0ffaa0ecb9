using Npgsql;

namespace Kataven.Membership;

/// <summary>The connections of Orleans' own providers: few, and apart from those that serve accounts.</summary>
internal sealed record MembershipDataSource(NpgsqlDataSource DataSource) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
