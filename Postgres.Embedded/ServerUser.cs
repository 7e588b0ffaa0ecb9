namespace Kataven.Postgres.Embedded;

/// <summary>Who the server runs as: ourselves, or, since PostgreSQL refuses root, an unprivileged user when we are root.</summary>
internal sealed class ServerUser
{
    private const string OwnUser = "kataven-postgres";
    private readonly string? _name;
    private readonly string[] _prefix;

    private ServerUser(string? name, params string[] prefix)
    {
        _name = name;
        _prefix = prefix;
    }

    public string Name => _name ?? Environment.UserName;

    public static async Task<ServerUser> ChooseAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerUser(name: null);
        }

        var known = (await File.ReadAllLinesAsync("/etc/passwd", cancellationToken)).Select(line => line.Split(':')[0]).ToList();
        var name = known.Contains("postgres") ? "postgres" : OwnUser;
        if (!known.Contains(name))
        {
            await CreateAsync(name, cancellationToken);
        }

        foreach (var candidate in WaysToBecome(name))
        {
            if ((await Command.RunAsync(candidate.CommandLine("true"), cancellationToken)).ExitCode == 0)
            {
                return candidate;
            }
        }

        throw new EmbeddedPostgresException($"PostgreSQL does not run as root, and none of setpriv, runuser and su can run it as '{name}'.");
    }

    public IReadOnlyList<string> CommandLine(params IEnumerable<string> command) => [.. _prefix, .. command];

    /// <summary>Asked of the kernel as that user, because mode bits alone do not tell (groups, ACLs, mounts).</summary>
    public async Task<bool> CanEnterAsync(string directory, CancellationToken cancellationToken) =>
        _name is null || (await Command.RunAsync(CommandLine("test", "-x", directory), cancellationToken)).ExitCode == 0;

    /// <summary>Hands a file or a folder with its content to the user.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (_name is null)
        {
            return;
        }

        var result = await Command.RunAsync([Command.Locate("chown") ?? "chown", "-R", "-h", _name, path], cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new EmbeddedPostgresException($"'{path}' cannot be given to the user '{_name}': {result.Error.Trim()}");
        }
    }

    private static async Task CreateAsync(string name, CancellationToken cancellationToken)
    {
        string[] command = Command.Locate("useradd") is { } useradd
            ? [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false", name]
            : [Command.Locate("adduser") ?? "adduser", "-S", "-D", "-H", "-s", "/bin/false", name];
        var result = await Command.RunAsync(command, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new EmbeddedPostgresException($"PostgreSQL does not run as root, and the user '{name}' cannot be created: {result.Error.Trim()}");
        }
    }

    /// <summary>The first of them replaces itself by the command, the others stay as its parent.</summary>
    private static IEnumerable<ServerUser> WaysToBecome(string name)
    {
        if (Command.Locate("setpriv") is { } setpriv)
        {
            yield return new ServerUser(name, setpriv, "--reuid", name, "--regid", name, "--init-groups");
        }

        if (Command.Locate("runuser") is { } runuser)
        {
            yield return new ServerUser(name, runuser, "-u", name, "--");
        }

        if (Command.Locate("su") is { } su)
        {
            yield return new ServerUser(name, su, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", name);
        }
    }
}
