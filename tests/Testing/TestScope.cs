namespace Kataven.Testing;

/// <summary>How much is tested: <c>./test</c> has ten minutes, <c>./test --all</c> sets the variable and takes its time.</summary>
public static class TestScope
{
    private const string Variable = "KATAVEN_TEST_ALL";

    public static bool IsWhole => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    public static string Reason => $"It takes long and has a shorter sibling, or runs on another server too: ./test --all ({Variable}) runs it.";
}
