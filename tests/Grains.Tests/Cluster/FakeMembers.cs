using System.Net;
using Npgsql;
using Orleans.Runtime;

namespace Kataven.Grains.Tests.Cluster;

/// <summary>The table of a cluster's members, with the one row that is asked for.</summary>
internal sealed class FakeMembers : IMembershipTable
{
    private Task _answered = Task.CompletedTask;

    public static ILocalSiloDetails Silo { get; } = new LocalSilo();

    /// <summary>Null where there is no such row.</summary>
    public SiloStatus? Status { get; set; } = SiloStatus.Active;

    /// <summary>How often it still cannot be read.</summary>
    public int Failures { get; set; }

    public int Looks { get; private set; }

    /// <summary>What is read from now on reaches the silo when the returned one is completed.</summary>
    public TaskCompletionSource AnswerLater()
    {
        var answer = new TaskCompletionSource();
        _answered = answer.Task;
        return answer;
    }

    public async Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        Looks++;
        if (Failures > 0)
        {
            Failures--;
            throw new NpgsqlException("The server is away.");
        }

        var version = new TableVersion(1, "1");
        var read = Status is { } status && key.Equals(Silo.SiloAddress)
            ? new MembershipTableData(Tuple.Create(new MembershipEntry { SiloAddress = key, Status = status }, "1"), version)
            : new MembershipTableData(version);
        await _answered;
        return read;
    }

    public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

    public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

    public Task<MembershipTableData> ReadAll() => throw new NotSupportedException();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => throw new NotSupportedException();

    public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();

    private sealed class LocalSilo : ILocalSiloDetails
    {
        public string Name => "silo1";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 1, 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }
}
