using System.Globalization;

namespace Kataven.Bench.Grounds;

/// <summary>A folder with the accounts' migrations. The service reads it at its start.</summary>
internal sealed class MigrationFolder(string path)
{
    /// <summary>Rows of <c>item</c> and of <c>note</c>.</summary>
    public const int Rows = 100;

    public string Path => path;

    /// <summary>What an account has from its creation on. Each script leaves a row in <c>effect</c>: one that ran twice leaves two.</summary>
    public Task WriteFirstAsync(CancellationToken cancellation) => WriteAsync(
        1,
        "first",
        string.Create(CultureInfo.InvariantCulture, $"""
        CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL);
        INSERT INTO item SELECT i, 'item number ' || i FROM generate_series(1, {Rows}) i;
        CREATE TABLE note (id integer PRIMARY KEY, body text NOT NULL);
        INSERT INTO note SELECT i, 'nothing yet' FROM generate_series(1, {Rows}) i;
        CREATE TABLE effect (version integer NOT NULL);
        """),
        cancellation);

    /// <summary>A small migration: a column, an index, a row.</summary>
    public Task WriteNextAsync(int version, CancellationToken cancellation) => WriteAsync(
        version,
        "next",
        string.Create(CultureInfo.InvariantCulture, $"""
        ALTER TABLE item ADD COLUMN extra_{version} text NOT NULL DEFAULT '';
        CREATE INDEX item_extra_{version} ON item (extra_{version}, name);
        """),
        cancellation);

    /// <summary>What takes a while in the large account: a column, a hundredth of all rows, an index over all of them.</summary>
    public Task WriteLargeAsync(int version, CancellationToken cancellation) => WriteAsync(
        version,
        "large",
        string.Create(CultureInfo.InvariantCulture, $"""
        ALTER TABLE document ADD COLUMN extra_{version} text;
        UPDATE document SET extra_{version} = kind WHERE id % 100 = {version % 100};
        CREATE INDEX document_extra_{version} ON document (extra_{version}, id);
        """),
        cancellation);

    private async Task WriteAsync(int version, string words, string sql, CancellationToken cancellation)
    {
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(
            System.IO.Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"V{version:0000}__{words}.sql")),
            string.Create(CultureInfo.InvariantCulture, $"{sql}\nINSERT INTO effect VALUES ({version});\n"),
            cancellation);
    }
}
