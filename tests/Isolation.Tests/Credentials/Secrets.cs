using System.Security.Cryptography;
using Kataven.Cluster;
using Kataven.Grains.Isolation;
using Kataven.Isolation.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Credentials;

/// <summary>What may stand nowhere, each in the forms in which it could.</summary>
internal sealed class Secrets(SecretService service)
{
    private readonly Dictionary<string, string> _names = [];

    public void Add(string name, string secret) => _names[secret] = name;

    /// <summary>The whole, and each of its parts.</summary>
    public void AddToken(string name, string token)
    {
        foreach (var part in token.Split('.').Where(part => part.Length > 16).Append(token))
        {
            Add(name, part);
        }
    }

    /// <summary>What does not change: of the superuser, of the development issuer, and the key of the passwords.</summary>
    public async Task AddStandingAsync()
    {
        Add("the superuser's password", new NpgsqlConnectionStringBuilder(service.ConnectionString).Password!);
        AddBytes("the key of the passwords", Convert.FromBase64String(service.Key));
        var pem = await service.Grains.GetGrain<IDevelopmentKeyGrain>(0).GetAsync();
        foreach (var line in pem.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 32 && !line.StartsWith('-')))
        {
            Add("the development key", line);
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        AddBytes("the development key", key.ExportParameters(includePrivateParameters: true).D!);
    }

    /// <summary>The passwords that the accounts' roles have now, as they are and as they are stored.</summary>
    public async Task AddPasswordsAsync()
    {
        var box = service.Services.GetRequiredService<SecretBox>();
        await using var connection = await service.OpenSystemAsync();
        await using var command = new NpgsqlCommand("SELECT account_id, password FROM kataven.credentials", connection);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (account, stored) = (reader.GetString(0), reader.GetString(1));
            Add($"the stored password of {account}", stored);
            if (box.StateOf(stored, account) != PasswordState.Unreadable)
            {
                Add($"the password of {account}", box.Open(stored, account));
            }
        }
    }

    /// <summary>The names of those that stand in one of the texts.</summary>
    public IReadOnlyCollection<string> In(IEnumerable<string> texts)
    {
        var all = string.Join('\n', texts);
        return [.. _names.Where(secret => all.Contains(secret.Key, StringComparison.OrdinalIgnoreCase)).Select(secret => secret.Value).Distinct()];
    }

    private void AddBytes(string name, byte[] secret)
    {
        Add(name, Convert.ToBase64String(secret).TrimEnd('='));
        Add(name, System.Buffers.Text.Base64Url.EncodeToString(secret));
        Add(name, Convert.ToHexString(secret));
    }
}
