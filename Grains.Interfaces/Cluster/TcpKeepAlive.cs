using System.Data.Common;

namespace Kataven.Cluster;

/// <summary>
/// A machine that is gone without a word, as in a failover, leaves connections that look as if they were idle, for two hours by the kernel's own
/// settings. It is told to ask the other side sooner, so that they are found broken before a request is spent on them.
/// </summary>
public static class TcpKeepAlive
{
    private const string Keyword = "TCP Keepalive";

    /// <summary>Seconds of silence until the first question.</summary>
    private const int After = 5;

    /// <summary>Seconds between two questions. Linux closes the connection when nine have had no answer: 14 s after the last word.</summary>
    private const int Every = 1;

    /// <summary>For each connection to PostgreSQL that lasts. What an operator has written of it in the connection string stays as it is.</summary>
    public static T WithKeepAlive<T>(this T settings)
        where T : DbConnectionStringBuilder
    {
        if (!settings.Keys.Cast<string>().Any(key => key.StartsWith(Keyword, StringComparison.OrdinalIgnoreCase)))
        {
            settings[Keyword] = true;
            settings[$"{Keyword} Time"] = After;
            settings[$"{Keyword} Interval"] = Every;
        }

        return settings;
    }
}
