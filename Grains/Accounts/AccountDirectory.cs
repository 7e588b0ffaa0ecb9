using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Grains.Accounts;

/// <summary>
/// The silo's copy of <c>accounts</c>: read on each request, written by the feed alone, so that what a reader
/// sees never goes back in time.
/// </summary>
internal sealed class AccountDirectory
{
    private readonly ConcurrentDictionary<AccountId, AccountRow> _rows = new();
    private ImmutableDictionary<string, ImmutableSortedSet<string>> _byOrganisation =
        ImmutableDictionary<string, ImmutableSortedSet<string>>.Empty;

    /// <summary>Called with each row that changed, or the id of one that is gone. Runs on the feed: it must be quick.</summary>
    public event Action<AccountId, AccountRow?>? Changed;

    public int Count => _rows.Count;

    public AccountRow? Find(AccountId id) => _rows.GetValueOrDefault(id);

    public IEnumerable<AccountRow> FindByOrganisation(string organisation)
    {
        foreach (var slug in _byOrganisation.GetValueOrDefault(organisation, []))
        {
            if (_rows.TryGetValue(AccountId.Parse(slug), out var row))
            {
                yield return row;
            }
        }
    }

    /// <summary>Takes what was read about these accounts: those without a row are gone.</summary>
    public void Apply(IEnumerable<AccountId> asked, IEnumerable<AccountRow> found)
    {
        var gone = asked.ToHashSet();
        foreach (var row in found)
        {
            gone.Remove(row.Id);
            Put(row);
        }

        foreach (var id in gone)
        {
            Remove(id);
        }
    }

    /// <summary>Takes the whole table: whatever it lacks is gone.</summary>
    public void ApplyAll(IReadOnlyCollection<AccountRow> found) => Apply(_rows.Keys, found);

    private void Put(AccountRow row)
    {
        _rows.TryGetValue(row.Id, out var former);
        if (row == former)
        {
            return;
        }

        _rows[row.Id] = row;
        if (former?.Account.OrgId != row.Account.OrgId)
        {
            Unbind(former);
            Bind(row);
        }

        Changed?.Invoke(row.Id, row);
    }

    private void Remove(AccountId id)
    {
        if (_rows.TryRemove(id, out var former))
        {
            Unbind(former);
            Changed?.Invoke(id, null);
        }
    }

    private void Bind(AccountRow row)
    {
        if (row.Account.OrgId is { } organisation)
        {
            var slugs = _byOrganisation.GetValueOrDefault(organisation, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));
            _byOrganisation = _byOrganisation.SetItem(organisation, slugs.Add(row.Id.Value));
        }
    }

    private void Unbind(AccountRow? row)
    {
        if (row?.Account.OrgId is { } organisation && _byOrganisation.TryGetValue(organisation, out var slugs))
        {
            slugs = slugs.Remove(row.Id.Value);
            _byOrganisation = slugs.IsEmpty ? _byOrganisation.Remove(organisation) : _byOrganisation.SetItem(organisation, slugs);
        }
    }
}
