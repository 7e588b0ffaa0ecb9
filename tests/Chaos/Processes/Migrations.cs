using System.Globalization;

namespace Kataven.Chaos.Processes;

/// <summary>Small migrations, each of which fails where it was applied before, and leaves a note of its own.</summary>
internal static class Migrations
{
    public const int Newest = 12;

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var version = 1; version <= Newest; version++)
        {
            var number = version.ToString("0000", CultureInfo.InvariantCulture);
            var first = version == 1 ? "CREATE TABLE note (version integer NOT NULL);\n" : "";
            File.WriteAllText(
                Path.Combine(folder, $"V{number}__step_{version}.sql"),
                $"{first}CREATE TABLE step_{version} (id integer);\nINSERT INTO note VALUES ({version});\n");
        }
    }
}
