using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kataven.Grains.Migrations;

/// <summary>Reads the folder of the scripts, and tells all that is wrong in it together.</summary>
internal static partial class MigrationFolder
{
    /// <summary>The longest script, in bytes: each process keeps all of them in memory.</summary>
    public const int LargestScript = 4 * 1024 * 1024;

    /// <summary>How many scripts there may be.</summary>
    public const int MostScripts = 10_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="path">The folder.</param>
    /// <param name="isRequired">Whether it has to be there.</param>
    public static (IReadOnlyList<MigrationScript> Scripts, IReadOnlyList<string> Faults) Read(string path, bool isRequired)
    {
        if (!Directory.Exists(path))
        {
            return ([], isRequired ? [$"Kataven:Migrations:Directory is {path}, which is not there."] : []);
        }

        var files = Directory.GetFiles(path).Where(file => Path.GetExtension(file).Equals(".sql", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).ToList();
        if (files.Count > MostScripts)
        {
            return ([], [$"Kataven:Migrations:Directory has {files.Count} scripts; {MostScripts} are allowed."]);
        }

        var (scripts, faults) = (new Dictionary<int, (MigrationScript Script, string Name)>(), new List<string>());
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var (script, faultsOfFile) = ReadFile(file, name);
            faults.AddRange(faultsOfFile.Select(fault => $"Kataven:Migrations:Directory: {name} {fault}."));
            if (script is not null && !scripts.TryAdd(script.Version, (script, name)))
            {
                faults.Add($"Kataven:Migrations:Directory: {scripts[script.Version].Name} and {name} have the same version.");
            }
        }

        return ([.. scripts.Values.Select(entry => entry.Script).OrderBy(script => script.Version)], faults);
    }

    private static (MigrationScript? Script, IEnumerable<string> Faults) ReadFile(string file, string name)
    {
        if (ScriptName().Match(name) is not { Success: true } parts
            || !int.TryParse(parts.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version == 0
            || parts.Groups[2].Value.Replace('_', ' ').Trim() is not { Length: > 0 } description)
        {
            return (null, [$"is not called V0001__what_it_does.sql, with a version of 1 to {int.MaxValue.ToString(CultureInfo.InvariantCulture)}"]);
        }

        try
        {
            if (new FileInfo(file).Length > LargestScript)
            {
                return (null, [$"is longer than {LargestScript} bytes"]);
            }

            // A mark of the byte order is no part of the text, and line ends are as the checkout likes them.
            var text = Utf8.GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
            var script = new MigrationScript(version, description, text);
            return (script, text.Contains('\0', StringComparison.Ordinal) ? ["is no text"] : ScriptCheck.Faults(script));
        }
        catch (DecoderFallbackException)
        {
            return (null, ["is not UTF-8"]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, ["cannot be read"]);
        }
    }

    [GeneratedRegex(@"^V([0-9]{1,10})__(.+)\.sql$", RegexOptions.Singleline)]
    private static partial Regex ScriptName();
}
