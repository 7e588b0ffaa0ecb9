namespace Kataven.Standalone;

/// <summary>What <c>./run</c> takes besides the standard configuration.</summary>
/// <param name="Port">Where the front door listens, on loopback.</param>
/// <param name="DataDirectory">Where the private PostgreSQL keeps its data.</param>
/// <param name="Rest">Everything else: configuration as the command line gives it.</param>
internal sealed record StandaloneOptions(int Port, string DataDirectory, string[] Rest)
{
    public const int DefaultPort = 5080;

    /// <exception cref="ArgumentException">An option has no value, or a wrong one.</exception>
    public static StandaloneOptions Parse(string[] args)
    {
        var port = DefaultPort;
        var data = Path.GetFullPath(".kataven");
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (name, value) = Split(args[i]);
            switch (name)
            {
                case "--port":
                    var text = value ?? Next(args, ref i);
                    port = int.TryParse(text, out var number) && number is > 0 and <= 65535
                        ? number
                        : throw new ArgumentException($"--port takes a number from 1 to 65535, not {text}.");
                    break;
                case "--data":
                    data = Path.GetFullPath(value ?? Next(args, ref i));
                    break;
                default:
                    rest.Add(args[i]);
                    break;
            }
        }

        return new StandaloneOptions(port, data, [.. rest]);
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (argument, null) : (argument[..at], argument[(at + 1)..]);
    }

    private static string Next(string[] args, ref int i) =>
        i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value.");
}
