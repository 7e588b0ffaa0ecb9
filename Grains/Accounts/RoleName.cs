using System.Security.Cryptography;

namespace Kataven.Grains.Accounts;

/// <summary>How accounts' roles are named. Everybody on the server sees them: an opaque name tells nobody which accounts exist.</summary>
internal static class RoleName
{
    /// <summary>What they look like, as a regular expression of PostgreSQL's: also of an account that is gone.</summary>
    public const string Pattern = "^t_[0-9a-f]{20}$";

    public static string New() => $"t_{RandomNumberGenerator.GetHexString(20, lowercase: true)}";
}
