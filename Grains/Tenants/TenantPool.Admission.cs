namespace Kataven.Grains.Tenants;

// Who is let in.
internal sealed partial class TenantPool
{
    /// <summary>④ Lets a request in; each one that was let in must <see cref="Leave"/>.</summary>
    /// <param name="version">The version of the account's row by which its sender decided, or <see cref="AnyVersion"/>.</param>
    /// <param name="bytes">How much memory the request takes while it is here.</param>
    /// <param name="isUnderWay">It belongs to what was let in before: a hold waits for that, and so lets it go on.</param>
    /// <param name="isEnd">It ends what was let in before, and gives back what that holds: no limit stands in its way.</param>
    /// <param name="isCounted">It has come before, to this activation or a former one, and was counted against the account's rate then.</param>
    public Admission Enter(long version, long bytes = 0, bool isUnderWay = false, bool isEnd = false, bool isCounted = false)
    {
        lock (_lock)
        {
            var isStale = IsStale_NeedsLock(version);
            if (!isStale && _refusal is { } refusal)
            {
                return Admission.Refused(refusal);
            }

            if (isEnd)
            {
                return isStale ? Admission.Stale : Admit_NeedsLock(bytes);
            }

            // When it comes, and not when it is let in: those who have waited for the end of a hold are let in together, by the next activation.
            if (!isCounted && !_rate.TryTake(_limits.RequestsPerSecond, out var wait))
            {
                return Admission.Refused(TenantRefusals.TooManyASecond(_limits.RequestsPerSecond, wait));
            }

            if (isStale)
            {
                return Admission.Stale;
            }

            if (_hold is { } hold && !isUnderWay)
            {
                return hold.Waiting >= _limits.MaxQueue ? Admission.Refused(TenantRefusals.TooManyHeld(_limits.MaxQueue))
                    : hold.WaitingBytes + bytes > _limits.MaxRequestBytes ? Admission.Refused(TenantRefusals.TooManyBytes(_limits.MaxRequestBytes))
                    : Admission.Held(hold);
            }

            // As many as there are lanes never have to wait, and so are never refused for their size.
            return _traffic.Requests >= _limits.MaxLanes && _traffic.Bytes + bytes > _limits.MaxRequestBytes
                ? Admission.Refused(TenantRefusals.TooManyBytes(_limits.MaxRequestBytes))
                : Admit_NeedsLock(bytes);
        }
    }

    /// <param name="bytes">As it came in with.</param>
    public void Leave(long bytes = 0)
    {
        lock (_lock)
        {
            _traffic.Went(bytes);
        }
    }

    private bool IsStale_NeedsLock(long version) =>
        // Whoever asks again meets the next activation.
        _retired
        || (_refusal is null
            ? _row is { } row && row.Account.Version > version
            // A newer row than this one may say that the account is served: it is on its way here.
            : version != AnyVersion && version > (_row?.Account.Version ?? 0));

    private Admission Admit_NeedsLock(long bytes)
    {
        _traffic.Came(bytes);
        return Admission.Admitted;
    }
}
