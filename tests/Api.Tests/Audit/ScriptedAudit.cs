using Kataven.Audit;
using Orleans.Runtime;

namespace Kataven.Api.Tests.Audit;

/// <summary>An audit log that loses as many answers as a test says.</summary>
internal sealed class ScriptedAudit : IAuditGrain
{
    public int LostBeginnings { get; set; }

    public int LostEnds { get; set; }

    public int Begun { get; private set; }

    /// <summary>How the calls ended, by what was written.</summary>
    public List<(string Outcome, int Status)> Ends { get; } = [];

    public Task<long> BeginAsync(AuditEntry entry) => LostBeginnings-- > 0
        ? Task.FromException<long>(new SiloUnavailableException())
        : Task.FromResult((long)++Begun);

    public Task NameAsync(long id, string accountId) => Task.CompletedTask;

    public Task EndAsync(long id, string outcome, int status)
    {
        if (LostEnds-- > 0)
        {
            return Task.FromException(new SiloUnavailableException());
        }

        Ends.Add((outcome, status));
        return Task.CompletedTask;
    }

    public Task<AuditPage> ListAsync(string? accountId, long after, int limit) => throw new NotSupportedException();
}
