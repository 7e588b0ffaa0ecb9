using System.Security.Cryptography;
using System.Text;
using Kataven.Migrations;

namespace Kataven.Grains.Migrations;

/// <summary>One numbered script of the operator's.</summary>
/// <param name="Version">1 to 2147483647.</param>
/// <param name="Description">What it does, as its file's name says.</param>
/// <param name="Sql">Its text, the same on every checkout: line ends are LF.</param>
internal sealed record MigrationScript(int Version, string Description, string Sql)
{
    /// <summary>The first line of a script that cannot run in a transaction.</summary>
    public const string NoTransaction = "-- kataven: no transaction";

    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public bool IsTransactional { get; } = FirstLine(Sql) != NoTransaction;

    public IReadOnlyList<ScriptStatement> Statements { get; } = ScriptStatements.Of(Sql);

    public MigrationEntry Entry => new() { Version = Version, Description = Description, Checksum = Checksum };

    public static string FirstLine(string sql) => sql.Split('\n', 2)[0].TrimEnd();
}
