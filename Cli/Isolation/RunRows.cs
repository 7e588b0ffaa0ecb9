using Kataven.Cli.Output;

namespace Kataven.Cli.Isolation;

/// <summary>Writes what was done to accounts; as JSON it is one document.</summary>
internal static class RunRows
{
    public static void Write(AnswerWriter writer, IReadOnlyList<RunRow> rows) =>
        writer.WriteMade("accounts", [.. rows.Select(static row => row.ToJson())]);
}
