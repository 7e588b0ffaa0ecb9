using Kataven.Queries;

namespace Kataven.Grains.Queries;

/// <summary>How much memory a request takes while it runs or waits, in bytes: its texts are in memory as UTF-16.</summary>
internal static class RequestSize
{
    public static long Of(Statement statement)
    {
        long characters = statement.Sql.Length;
        foreach (var parameter in statement.Parameters)
        {
            characters += parameter.Text?.Length ?? 0;
        }

        return characters * sizeof(char);
    }
}
