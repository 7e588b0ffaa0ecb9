using System.Collections.Concurrent;

namespace Kataven.Grains.Queries.Fast;

/// <summary>
/// The texts of one account that were run lately, and what is known of them. Bounded: those that were not used for longest go
/// first.
/// </summary>
internal sealed class FastTexts
{
    /// <summary>Texts of each of the two generations.</summary>
    public const int Capacity = 1_000;

    /// <summary>A longer text is not remembered, so that all of them together are at most so many times this.</summary>
    public const int LongestText = 8 * 1024;

    private readonly Lock _lock = new();
    private volatile ConcurrentDictionary<string, FastText> _young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, FastText> _old = new(StringComparer.Ordinal);

    public int Count => _young.Count + _old.Count;

    public FastText? Find(string sql)
    {
        if (_young.TryGetValue(sql, out var text))
        {
            return text;
        }

        return _old.TryGetValue(sql, out text) ? Add(sql, text) : null;
    }

    /// <summary>What is known of a text, looked at by what is known of the account's code; null for one that is too long.</summary>
    public FastText? FindOrJudge(string sql, AccountCode code)
    {
        if (Find(sql) is { } known && ReferenceEquals(known.Code, code))
        {
            return known;
        }

        // Not known, or judged by what was known before, and come late.
        return sql.Length > LongestText ? null : Add(sql, FastText.Of(sql, code));
    }

    public void Clear()
    {
        lock (_lock)
        {
            _young = new(StringComparer.Ordinal);
            _old = new(StringComparer.Ordinal);
        }
    }

    private FastText Add(string sql, FastText text)
    {
        lock (_lock)
        {
            if (_young.Count >= Capacity)
            {
                (_old, _young) = (_young, new(StringComparer.Ordinal));
            }

            if (_young.TryGetValue(sql, out var known) && ReferenceEquals(known.Code, text.Code))
            {
                return known;
            }

            return _young[sql] = text;
        }
    }
}
