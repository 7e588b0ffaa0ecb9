using System.Text.Json;

namespace Kataven.Bench.Results;

/// <summary>What was measured, in <c>artifacts/bench/results.json</c>: a run of some loads leaves the others' results as they are.</summary>
internal sealed class ResultBook
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string File = Path.Combine("artifacts", "bench", "results.json");

    private readonly List<ResultEntry> _entries;

    private ResultBook(List<ResultEntry> entries) => _entries = entries;

    public IReadOnlyList<ResultEntry> Entries => _entries;

    public static ResultBook Open() =>
        new(System.IO.File.Exists(File) ? JsonSerializer.Deserialize<List<ResultEntry>>(System.IO.File.ReadAllText(File))! : []);

    public async Task ReplaceAsync(string load, IEnumerable<ResultEntry> entries, CancellationToken cancellation)
    {
        _entries.RemoveAll(entry => entry.Load == load);
        _entries.AddRange(entries);
        await System.IO.File.WriteAllTextAsync(File, JsonSerializer.Serialize(_entries, Indented), cancellation);
    }

    public Fact? FindFact(string load, string what) =>
        _entries.Where(entry => entry.Load == load).SelectMany(entry => entry.Facts).FirstOrDefault(fact => fact.What == what);

    public Summary? Find(string load, string cell, string contender) =>
        _entries.Find(entry => entry.Load == load && entry.Cell == cell && entry.Contender == contender) is { } entry ? new Summary(entry) : null;
}
