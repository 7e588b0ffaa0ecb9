using System.Globalization;

namespace Kataven.Postgres.Embedded;

/// <summary>
/// A server that outlived the program which started it. It is ended and not taken over: the settings, the port and the
/// watcher that ends it with its parent are those of a start, and a server that was taken over would have another's.
/// </summary>
internal static class FormerServer
{
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Immediate = TimeSpan.FromSeconds(5);

    /// <summary>Only called while the folder's lock is held, so no living program owns what is found.</summary>
    public static async Task EndAsync(string cluster, CancellationToken cancellationToken)
    {
        var postmaster = PostmasterFile.Read(cluster)?.Pid;
        if (ProcessesOf(cluster) is { Count: > 0 } found)
        {
            // The postmaster ends its own. Without it, each process that is left keeps the shared memory, and no new server starts.
            var asked = postmaster is { } pid && found.Contains(pid) ? [pid] : found;
            _ = await EndAsync(cluster, asked, Signal.Interrupt, Fast, cancellationToken)
                || await EndAsync(cluster, asked, Signal.Quit, Immediate, cancellationToken)
                || await EndAsync(cluster, ProcessesOf(cluster), Signal.Kill, Immediate, cancellationToken);
        }

        if (ProcessesOf(cluster) is [var survivor, ..])
        {
            throw new EmbeddedPostgresException($"The server of an earlier start on '{cluster}', process {survivor}, cannot be ended.");
        }

        // The number in the file may meanwhile belong to another program, and PostgreSQL would take that for a server.
        File.Delete(PostmasterFile.PathIn(cluster));
    }

    /// <summary>Every process of a server works in its data folder.</summary>
    internal static List<int> ProcessesOf(string cluster) => Directory.GetDirectories("/proc")
        .Where(process => WorksIn(process, cluster))
        .Select(process => int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0)
        .ToList();

    private static async Task<bool> EndAsync(string cluster, List<int> pids, int signal, TimeSpan patience, CancellationToken cancellationToken)
    {
        pids.ForEach(pid => Signal.Send(pid, signal));
        return await Deadline.PollAsync(() => ProcessesOf(cluster).Count == 0, patience, cancellationToken);
    }

    private static bool WorksIn(string process, string cluster)
    {
        try
        {
            return Directory.ResolveLinkTarget(Path.Combine(process, "cwd"), returnFinalTarget: false)?.FullName == cluster
                && File.ReadAllText(Path.Combine(process, "comm")).StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Gone in the meantime, or another user's.
            return false;
        }
    }
}
