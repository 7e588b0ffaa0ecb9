using System.Security.Cryptography;
using System.Text;

namespace Kataven.Grains.Accounts;

/// <summary>
/// What PostgreSQL stores of a password (RFC 5803), made here so that the clear text never reaches the server's log.
/// </summary>
internal static class ScramVerifier
{
    /// <summary>
    /// They make it dear to try passwords that people think of. Ours are 192 random bits, which nobody finds by trying, and 4,096
    /// iterations cost the service a millisecond of CPU for each connection.
    /// </summary>
    private const int Iterations = 1;

    /// <param name="password">ASCII, so that SASLprep leaves it as it is.</param>
    public static string Of(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
