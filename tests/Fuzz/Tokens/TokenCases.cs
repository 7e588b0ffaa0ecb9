using System.Security.Cryptography;
using System.Text;
using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Cases;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Tokens;

/// <summary>Tokens that are not valid: each is 401, and the statement behind it does not run.</summary>
internal sealed class TokenCases(Actors actors)
{
    private static readonly string[] Algorithms = ["none", "None", "", "HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES384", "EdDSA", "dir", "A128KW", "hs256"];

    private static readonly string[] KeyIds =
    [
        "", "0", "../../../../dev/null", "/etc/passwd", "file:///dev/null", "http://127.0.0.1/keys", "' or '1'='1", "'; select pg_sleep(9); --", "x' union select 'AA' --",
        "${jndi:ldap://x}", "| cat /etc/passwd", "\0", "\ud83d\ude00", "*", "null",
    ];

    public FuzzCase Make(ulong seed, Dice dice)
    {
        var account = dice.Of(actors.Attackers);
        var valid = actors.Tokens[account];
        var message = new HttpMessage("POST", dice.OneIn(5) ? "/api/admin/accounts" : "/api/query");
        foreach (var line in Lines(dice, valid, account))
        {
            message.Line("Authorization", line);
        }

        message.Line("X-Account-ID", dice.Of(account, actors.Victim)).Json("""{"sql":"select current_database()"}""");
        return new FuzzCase { Seed = seed, Kind = CaseKind.Token, Bytes = message.ToBytes(), IsUnauthorized = true, MayBeNoHttp = true };
    }

    private IEnumerable<string> Lines(Dice dice, string valid, string account) => dice.Below(14) switch
    {
        0 => [],
        1 => ["Bearer"],
        2 => [dice.Of("Basic ", "Digest ", "bearer", "Token ", "Bearer,") + valid],
        3 => [$"Bearer {valid}", $"Bearer {valid}"],
        4 => [$"Bearer {valid}{dice.Of(",", " ", ", Bearer ", " x")}{valid}"],
        5 => [$"Bearer {new string(dice.Of("A", ".", "e", "=")[0], dice.Of(10, 1_000, 20_000))}"],
        6 => [$"Bearer {JunkText.Latin(dice, anyByte: true)}"],
        7 or 8 => [$"Bearer {Mutated(dice, valid)}"],
        9 => [$"Bearer {valid.Split('.')[0]}.{Encode(Payload(dice, valid, account))}.{valid.Split('.')[2]}"],
        _ => [$"Bearer {Forged(dice, valid, account)}"],
    };

    /// <summary>One character of it is another. Of the last of the signature some bits carry nothing, so that one stays.</summary>
    private static string Mutated(Dice dice, string valid)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/";
        var at = dice.Below(valid.Length - 2);
        var other = dice.Of(Alphabet.Where(c => c != valid[at]).ToList());
        return dice.Below(4) switch
        {
            0 => valid[..at],
            1 => valid.Remove(at, 1),
            2 => valid.Insert(at, "" + other),
            _ => valid[..at] + other + valid[(at + 1)..],
        };
    }

    private string Forged(Dice dice, string valid, string account)
    {
        var algorithm = dice.Of(Algorithms);
        var keyId = dice.OneIn(2) ? KeyIdOf(valid) : JunkJson.Quote(dice.OneIn(20) ? new string('k', 3_000) : dice.Of(KeyIds));
        var more = dice.OneIn(4)
            ? dice.Of(
                ",\"jku\":\"http://127.0.0.1:1/keys\"", ",\"x5u\":\"http://127.0.0.1:1/c\"", ",\"crit\":[\"b64\"],\"b64\":false", ",\"zip\":\"DEF\"",
                ",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}", ",\"kid\":7", ",\"alg\":\"none\"", ",\"enc\":\"A128GCM\"", ",\"typ\":[]")
            : "";
        var header = dice.OneIn(12) ? JunkJson.Value(dice) : $"{{\"alg\":\"{algorithm}\",\"typ\":\"JWT\",\"kid\":{keyId}{more}}}";
        var signed = $"{Encode(header)}.{Encode(dice.OneIn(12) ? JunkJson.Value(dice) : Payload(dice, valid, account))}";
        return $"{signed}.{Convert.ToBase64String(Signature(dice, algorithm, signed)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
    }

    /// <summary>Key confusion: the public key, which everybody has, as the secret of an HMAC.</summary>
    private byte[] Signature(Dice dice, string algorithm, string signed)
    {
        var data = Encoding.ASCII.GetBytes(signed);
        var secret = Encoding.ASCII.GetBytes(dice.Of(actors.PublicKeyPem, actors.PublicKeyPem.Trim(), "", "secret"));
        return algorithm.ToUpperInvariant() switch
        {
            "HS256" => HMACSHA256.HashData(secret, data),
            "HS384" => HMACSHA384.HashData(secret, data),
            "HS512" => HMACSHA512.HashData(secret, data),
            _ when dice.OneIn(2) => new byte[dice.Of(0, 1, 64, 256)],
            _ => SHA512.HashData(data),
        };
    }

    private string Payload(Dice dice, string valid, string account)
    {
        var payload = Decode(valid.Split('.')[1]);
        return dice.Below(4) switch
        {
            0 => payload.Replace(account, actors.Victim, StringComparison.Ordinal),
            1 => payload.Replace(account, "kataven-admin", StringComparison.Ordinal),
            2 => payload.Replace("\"aud\"", "\"aud\":\"other\",\"was\"", StringComparison.Ordinal),
            _ => payload.Replace("\"exp\":", "\"exp\":9", StringComparison.Ordinal),
        };
    }

    private static string KeyIdOf(string token)
    {
        using var header = System.Text.Json.JsonDocument.Parse(Decode(token.Split('.')[0]));
        return JunkJson.Quote(header.RootElement.GetProperty("kid").GetString()!);
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Decode(string part) => Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(part));
}
