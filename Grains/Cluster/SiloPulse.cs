using Kataven.Grains.Accounts;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace Kataven.Grains.Cluster;

/// <summary>
/// Whether the cluster still counts on this silo. One that was frozen does not know that it was declared dead, and neither do the grains that
/// it has: only the row of the silo in the table of members tells, which is read again where that was longer ago than others need to find out.
/// Where the table is away nobody can be declared dead, and whoever has been awake since it was read is counted on.
/// </summary>
internal sealed class SiloPulse(IMembershipTable members, ILocalSiloDetails silo, IOptions<ClusterMembershipOptions> membership, TimeProvider time)
{
    /// <summary>
    /// How many times as long a silo may stand still while the table is away: the table would have to come back, be written to and go away
    /// again meanwhile.
    /// </summary>
    private const int Lenience = 4;

    /// <summary>Many accounts that begin at once share one look.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromMilliseconds(200);

    /// <summary>What was read at this very moment, or later.</summary>
    private static readonly TimeSpan NotBefore = TimeSpan.FromTicks(1);

    private static readonly TimeSpan TryAgainFor = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Less than a silo has to be silent before it is declared dead. What takes longer to read tells nothing.</summary>
    private readonly TimeSpan _lately = membership.Value.MaxProbeTimeout * membership.Value.NumMissedProbesLimit * 5 / 6;

    private readonly Lock _lock = new();
    private Task<bool> _look = Task.FromResult(true);
    private long? _feltAt;
    private long? _beatAt;
    private long _awakeSince;
    private bool _isAway;

    /// <summary>
    /// The same as a condition, for a statement that runs in the system database: it is looked at where the statement has its effect, however long
    /// that took to get there. Null where the members are in no table of that database, as those of a cluster within one process.
    /// </summary>
    public string? IsMemberSql { get; } = members.GetType().Assembly.GetName().Name != "Orleans.Clustering.AdoNet" ? null : $"""
        EXISTS (SELECT FROM orleans.OrleansMembershipTable
                 WHERE DeploymentId = {Sql.Literal(silo.ClusterId)} AND Address = {Sql.Literal(silo.SiloAddress.Endpoint.Address.ToString())}
                   AND Port = {silo.SiloAddress.Endpoint.Port} AND Generation = {silo.SiloAddress.Generation}
                   AND Status NOT IN ({(int)SiloStatus.None}, {(int)SiloStatus.Dead}))
        """;

    public bool IsFelt => WasFeltSince(time.GetTimestamp(), _lately);

    /// <summary>Asked before what must not be done by a silo whose work another one has taken over.</summary>
    /// <exception cref="SiloUnavailableException">The silo was declared dead.</exception>
    /// <exception cref="Exception">The table of members could not be read for a second, or answered too late twice, and the silo has stood still since it was.</exception>
    public ValueTask WhenFeltAsync(CancellationToken cancellation = default) => WhenFeltAsync(_lately, cancellation);

    /// <summary>The same, asked before an account is taken from whoever owned it: what was true a second ago will not do.</summary>
    /// <exception cref="SiloUnavailableException">The silo was declared dead.</exception>
    /// <exception cref="Exception">The table of members could not be read for a second, or answered too late twice, and the silo has stood still since it was.</exception>
    public ValueTask WhenJustFeltAsync(CancellationToken cancellation = default) => WhenFeltAsync(JustNow, cancellation);

    /// <summary>The same, asked after something has been done: nothing that was read before counts.</summary>
    /// <exception cref="SiloUnavailableException">The silo was declared dead.</exception>
    /// <exception cref="Exception">The table of members could not be read for a second, or answered too late twice, and the silo has stood still since it was.</exception>
    public ValueTask WhenStillFeltAsync(CancellationToken cancellation = default) => WhenFeltAsync(NotBefore, cancellation);

    /// <summary>What whoever is no member any more is told.</summary>
    public static SiloUnavailableException DeclaredDead() => new("The silo was declared dead: what it was asked has not been done.");

    /// <summary>Said more often than a silo has to be silent before it is declared dead: whoever did not say it for that long has stood still.</summary>
    public void Beat()
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (!HasBeatUntil(now))
            {
                _awakeSince = now;
            }

            _beatAt = now;
        }
    }

    private ValueTask WhenFeltAsync(TimeSpan before, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        return WasFeltSince(asked, before) ? ValueTask.CompletedTask : LookAsync(asked, before, cancellation);
    }

    private async ValueTask LookAsync(long asked, TimeSpan before, CancellationToken cancellation)
    {
        bool isRead;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            isRead = await SharedLook().WaitAsync(cancellation).ConfigureAwait(false);
        }
        while (isRead && !(IsFelt && WasFeltSince(asked, before)));
    }

    /// <summary>The look that is under way, or a new one: no caller's cancellation ends it for the others.</summary>
    private Task<bool> SharedLook()
    {
        lock (_lock)
        {
            return _look.IsCompleted ? _look = LookUntilFeltAsync() : _look;
        }
    }

    /// <summary>
    /// What was read before the silo froze may reach it when it wakes, and is read again. False where the table is away, and the silo need
    /// not know.
    /// </summary>
    private async Task<bool> LookUntilFeltAsync()
    {
        var begun = time.GetTimestamp();
        var failures = 0;
        do
        {
            try
            {
                await LookOnceAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not SiloUnavailableException)
            {
                // A connection from before the server started anew is found broken once.
                if (++failures > 1)
                {
                    NoteAway();
                    if (IsAwakeSinceFelt())
                    {
                        return false;
                    }

                    if (time.GetElapsedTime(begun) >= TryAgainFor)
                    {
                        throw;
                    }

                    await Task.Delay(TryAgainAfter, time).ConfigureAwait(false);
                }
            }
        }
        while (!IsFelt);
        return true;
    }

    private async Task LookOnceAsync()
    {
        var at = time.GetTimestamp();
        var found = await ReadAsync().ConfigureAwait(false);
        if (found.Members.All(row => row.Item1.Status is SiloStatus.Dead or SiloStatus.None))
        {
            throw DeclaredDead();
        }

        lock (_lock)
        {
            (_feltAt, _isAway) = (at, false);
        }
    }

    private async Task<MembershipTableData> ReadAsync()
    {
        try
        {
            return await members.ReadRowAsync(silo.SiloAddress, CancellationToken.None).WaitAsync(_lately, time).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new NpgsqlException($"The table of members was not read within {_lately.TotalSeconds:0.###} s.", exception);
        }
    }

    /// <summary>Not where the silo has stood still just now: what it is forgiven then is for what comes later.</summary>
    private void NoteAway()
    {
        lock (_lock)
        {
            _isAway |= HasBeatUntil(time.GetTimestamp());
        }
    }

    private bool IsAwakeSinceFelt()
    {
        lock (_lock)
        {
            return _feltAt is { } felt && _awakeSince <= felt && HasBeatUntil(time.GetTimestamp());
        }
    }

    private bool HasBeatUntil(long now) => _beatAt is { } beat && time.GetElapsedTime(beat, now) < (_isAway ? _lately * Lenience : _lately);

    /// <summary>Whether it was felt not longer than that before the moment, or after it.</summary>
    private bool WasFeltSince(long moment, TimeSpan before)
    {
        lock (_lock)
        {
            return _feltAt is { } at && time.GetElapsedTime(at, moment) < before;
        }
    }
}
