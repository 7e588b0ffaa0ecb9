namespace Kataven.Postgres.Embedded;

internal sealed record CommandResult(int ExitCode, string Output, string Error);
