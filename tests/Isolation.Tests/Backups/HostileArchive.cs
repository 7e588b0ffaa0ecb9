using System.Text;
using Kataven.Grains.Backups;
using Npgsql;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>Archives that nobody's <c>pg_dump</c> would have written for an account.</summary>
internal static class HostileArchive
{
    private const int Room = 300;

    /// <summary>Its statement stands in the archive as it is, with its length before it: so another of that length can take its place.</summary>
    public static readonly string Placeholder = $"COMMENT ON TABLE public.t IS '{new string('x', Room)}'";

    /// <summary>As the server's superuser, with whatever is in the database.</summary>
    public static async Task<byte[]> DumpAsync(PgToolset tools, NpgsqlConnectionStringBuilder login, string format, CancellationToken cancellation)
    {
        await using var process = PgProcess.Start(tools.Dump, [$"--format={format}", "--no-password"], PgEnvironment.Of(login, ""));
        process.CloseInput();
        var archive = new MemoryStream();
        await process.Output.CopyToAsync(archive, cancellation);
        await process.SucceedAsync(cancellation);
        return archive.ToArray();
    }

    public static byte[] With(byte[] archive, string statement)
    {
        var place = archive.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Placeholder));
        Assert.True(place > 0 && statement.Length <= Placeholder.Length);
        var hostile = archive.ToArray();
        Encoding.UTF8.GetBytes(statement.PadRight(Placeholder.Length)).CopyTo(hostile, place);
        return hostile;
    }
}
