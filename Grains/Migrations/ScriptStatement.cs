namespace Kataven.Grains.Migrations;

/// <summary>One statement of a script.</summary>
/// <param name="Sql">From its first token to its last, without the semicolon.</param>
/// <param name="Start">Where it begins in the script's text, from 0.</param>
internal readonly record struct ScriptStatement(string Sql, int Start);
