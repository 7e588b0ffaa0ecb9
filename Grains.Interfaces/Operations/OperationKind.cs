namespace Kataven.Operations;

/// <summary>The kinds of operations, as the API spells them.</summary>
public static class OperationKind
{
    public const string Migration = "migration";
    public const string Backup = "backup";
    public const string Restore = "restore";
    public const string SwapBack = "swap_back";
    public const string Clone = "clone";
    public const string Verification = "verification";
}
