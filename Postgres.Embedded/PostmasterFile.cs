using System.Globalization;

namespace Kataven.Postgres.Embedded;

/// <summary>What the running server tells of itself in <c>postmaster.pid</c>.</summary>
internal sealed record PostmasterFile(int Pid, bool IsReady)
{
    private const int StatusLine = 7;

    /// <summary>Null when there is none, or none that is written to its end.</summary>
    public static PostmasterFile? Read(string cluster)
    {
        try
        {
            var lines = File.ReadAllLines(PathIn(cluster));
            return lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var pid)
                ? new PostmasterFile(pid, lines.Length > StatusLine && lines[StatusLine].Trim() == "ready")
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static string PathIn(string cluster) => Path.Combine(cluster, "postmaster.pid");
}
