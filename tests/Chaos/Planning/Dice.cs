namespace Kataven.Chaos.Planning;

/// <summary>Chance that can be had again: the same seed throws the same (SplitMix64, which is the same on every runtime).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>One for each name, out of one seed (FNV-1a: .NET's own hash codes differ from process to process).</summary>
    public static Dice Of(ulong seed, string name) =>
        new(name.Aggregate(0xCBF29CE484222325 ^ seed, (hash, letter) => (hash ^ letter) * 0x100000001B3));

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

    /// <summary>In milliseconds, both ends included.</summary>
    public TimeSpan Time(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));

    public bool OneIn(int times) => Below(times) == 0;

    public T[] Shuffle<T>(IEnumerable<T> items)
    {
        var shuffled = items.ToArray();
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }
}
