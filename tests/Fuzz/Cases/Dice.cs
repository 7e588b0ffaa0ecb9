namespace Kataven.Fuzz.Cases;

/// <summary>Chance that can be had again: the same seed throws the same (SplitMix64, which is the same on every runtime).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    public string Repeat(int least, int most, string separator, Func<string> make) =>
        string.Join(separator, Enumerable.Range(0, Between(least, most)).Select(_ => make()));
}
