using System.Text.Json;
using Kataven.Bench.Grounds;

namespace Kataven.Bench.Scenarios;

/// <summary>Bodies of <c>POST /api/query</c>.</summary>
internal static class Queries
{
    public static string PointRead(int id) => Body("SELECT id, name FROM item WHERE id = $1", id);

    /// <summary>So many different rows that no two clients ask for the same for long.</summary>
    public static IReadOnlyList<string> PointReads => [.. Enumerable.Range(0, 32).Select(i => PointRead(1 + (i * 31 % Fleet.Rows)))];

    /// <summary>One write to nine reads.</summary>
    public static IReadOnlyList<string> OneWriteInTen =>
        [.. Enumerable.Range(0, 100).Select(i => i % 10 == 9 ? Write(1 + (i * 37 % Fleet.Rows)) : PointRead(1 + (i * 31 % Fleet.Rows)))];

    public static IReadOnlyList<string> ManyRows => [Body("SELECT id, name FROM item ORDER BY id")];

    public static IReadOnlyList<string> TenMegabytes => [Body("SELECT i AS id, repeat('x', 1000) AS filling FROM generate_series(1, $1::int) i", 10_000)];

    public static string Sleep => Body("SELECT 1 AS done FROM pg_sleep(0.5)");

    public static string Write(int id) => Body("UPDATE note SET body = $2 WHERE id = $1", id, $"written as number {id}");

    public static string Body(string sql, params object[] parameters) => JsonSerializer.Serialize(new { sql, @params = parameters });
}
