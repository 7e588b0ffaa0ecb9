namespace Kataven.Tidy.Tests.Tree;

/// <summary>A rule holds where nothing breaks it; otherwise the failure names everything that does.</summary>
internal static class Rule
{
    public static void Holds(string rule, IEnumerable<string> broken)
    {
        var all = broken.Distinct().ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{rule} It is broken {all.Count} times:\n  {string.Join("\n  ", all)}");
        }
    }

    /// <summary>Two lists are the same, whatever their order.</summary>
    public static void Same(string what, IEnumerable<string> code, string place, IEnumerable<string> written)
    {
        var inCode = code.ToHashSet(StringComparer.Ordinal);
        var inText = written.ToHashSet(StringComparer.Ordinal);
        Holds(
            $"{place} lists every {what}, and no other.",
            inCode.Except(inText).Order(StringComparer.Ordinal).Select(item => $"not in {place}: {item}")
                .Concat(inText.Except(inCode).Order(StringComparer.Ordinal).Select(item => $"only in {place}: {item}")));
    }
}
