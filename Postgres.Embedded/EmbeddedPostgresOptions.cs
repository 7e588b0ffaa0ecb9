namespace Kataven.Postgres.Embedded;

/// <summary>What a private server is started with.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder that holds the cluster, its password, its socket and its log. Made when it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port; 0 takes the port of the last start where it is free, else any free one.</summary>
    public int Port { get; init; }

    /// <summary>Connections that the server accepts, superuser's included. Default 100.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Server settings that are added to, and win over, the hardened ones.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Gives durability away for speed. For data that a test throws away.</summary>
    public bool FastUnsafe { get; init; }

    /// <summary>Deletes the data folder once the server has stopped.</summary>
    public bool DeleteOnDispose { get; init; }

    /// <summary>How long a start may take, crash recovery included. Default two minutes.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The binaries to use; null finds them, or installs them where that is possible.</summary>
    public PostgresBinaries? Binaries { get; init; }

    /// <summary>Gets a line for each thing worth telling: an installation, a data folder that had to move.</summary>
    public Action<string>? Log { get; init; }
}
