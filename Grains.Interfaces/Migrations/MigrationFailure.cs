using Kataven.Errors;

namespace Kataven.Migrations;

/// <summary>Why a script was not applied. Those before it were, and it left nothing behind.</summary>
/// <param name="Version">The script's.</param>
/// <param name="Sql">What PostgreSQL reported; <see cref="SqlError.Position"/> counts characters from the start of the script.</param>
/// <param name="Line">The line of the script that the error is about, the first being 1; where PostgreSQL names no place, that of the statement.</param>
[GenerateSerializer, Immutable, Alias("kataven.MigrationFailure")]
public sealed record MigrationFailure([property: Id(0)] int Version, [property: Id(1)] SqlError Sql, [property: Id(2)] int? Line);
