using System.Security.Cryptography;
using Kataven.Accounts;
using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>The accounts' credentials, in the system database where no tenant can come.</summary>
internal sealed class CredentialStore(SystemDatabase system, KnownCredentials known, AccountFeed feed, SecretBox box)
{
    /// <summary>Passwords that are tried to tell whether the key is the right one.</summary>
    private const int LookedAt = 20;

    /// <summary>What stands there now, or what is known while the system database is away.</summary>
    /// <exception cref="SecretKeyException">The password cannot be read.</exception>
    public async Task<Credential?> FindAsync(AccountId id, CancellationToken cancellation) =>
        await ReadOrRecallAsync(id, cancellation).ConfigureAwait(false) is var (identity, stored)
            ? new Credential(identity.Role, box.Open(stored, id.Value), identity.AccountUid, identity.WasStamped)
            : null;

    /// <summary>Whose database it has to be, which can be told without the password.</summary>
    public async Task<(ExpectedIdentity Identity, PasswordState Password)?> FindIdentityAsync(AccountId id, CancellationToken cancellation) =>
        await ReadAsync(id, cancellation).ConfigureAwait(false) is var (identity, stored)
            ? (identity, box.StateOf(stored, id.Value))
            : null;

    /// <summary>How many passwords stand how.</summary>
    public async Task<IReadOnlyDictionary<PasswordState, int>> CountAsync(CancellationToken cancellation)
    {
        var counts = Enum.GetValues<PasswordState>().ToDictionary(state => state, _ => 0);
        await using var command = system.Command("SELECT account_id, password FROM kataven.credentials");
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            counts[box.StateOf(reader.GetString(1), reader.GetString(0))]++;
        }

        return counts;
    }

    /// <summary>
    /// Asked before a password is written: one that is closed with a wrong key, or not at all, could not be read once the
    /// right one is back. The last that were written tell: one alone may be damaged, and to make it anew is the remedy.
    /// </summary>
    /// <exception cref="SecretKeyException">None of them can be read.</exception>
    public async Task RequireKeyAsync(CancellationToken cancellation)
    {
        await using var command = system.Command(
            "SELECT account_id, password FROM kataven.credentials WHERE starts_with(password, $1) ORDER BY rotated_at DESC LIMIT $2");
        command.Parameters.Add(new() { Value = SecretBox.Mark });
        command.Parameters.Add(new() { Value = LookedAt });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = false;
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (box.StateOf(reader.GetString(1), reader.GetString(0)) != PasswordState.Unreadable)
            {
                return;
            }

            found = true;
        }

        if (found)
        {
            throw new SecretKeyException();
        }
    }

    /// <summary>The account's credential, made at the first call. Two calls at once get the same.</summary>
    /// <exception cref="SecretKeyException">The password cannot be read, or should not be written.</exception>
    public async Task<Credential> EnsureAsync(AccountId id, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation).ConfigureAwait(false) is null)
        {
            await RequireKeyAsync(cancellation).ConfigureAwait(false);
        }

        await using var command = system.Command("""
            WITH made AS (
                INSERT INTO kataven.credentials (account_id, role_name, password) VALUES ($1, $2, $3)
                ON CONFLICT (account_id) DO NOTHING)
            UPDATE public.accounts SET role_name = coalesce((SELECT c.role_name FROM kataven.credentials c WHERE c.account_id = $1), $2)
             WHERE account_id = $1 AND role_name IS NULL
            """);
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = RoleName.New() });
        command.Parameters.Add(new() { Value = box.Close(NewPassword(), id.Value) });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        return await FindAsync(id, cancellation).ConfigureAwait(false)
            ?? throw new InvalidOperationException("The account was removed while it was given a role.");
    }

    /// <summary>
    /// Replaces the password without a look at the former one, which nobody may be able to open any more. The role has to be
    /// given it next: until then new lanes are refused, and put in order. False where the account has none.
    /// </summary>
    /// <exception cref="SecretKeyException">A new one should not be written.</exception>
    public async Task<bool> RotateAsync(AccountId id, CancellationToken cancellation)
    {
        await RequireKeyAsync(cancellation).ConfigureAwait(false);
        await using var command = system.Command("UPDATE kataven.credentials SET password = $2, rotated_at = now() WHERE account_id = $1");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = box.Close(NewPassword(), id.Value) });
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) > 0;
    }

    /// <summary>Closes the same password with the key of now, where it is not.</summary>
    /// <exception cref="SecretKeyException">It cannot be read.</exception>
    public async Task CloseAnewAsync(AccountId id, CancellationToken cancellation)
    {
        if (await ReadAsync(id, cancellation).ConfigureAwait(false) is not var (_, stored) || box.StateOf(stored, id.Value) == PasswordState.Current)
        {
            return;
        }

        // One that was rotated meanwhile stays.
        await using var command = system.Command("UPDATE kataven.credentials SET password = $2 WHERE account_id = $1 AND password = $3");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = box.Close(box.Open(stored, id.Value), id.Value) });
        command.Parameters.Add(new() { Value = stored });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Remembers that the account's database was closed and stamped: from now on one without a stamp is another database.</summary>
    public async Task MarkStampedAsync(AccountId id, Guid uid, CancellationToken cancellation)
    {
        await using var command = system.Command(
            "UPDATE public.accounts SET isolation_version = $2 WHERE account_id = $1 AND account_uid = $3 AND isolation_version IS DISTINCT FROM $2");
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = IsolationScripts.Version });
        command.Parameters.Add(new() { Value = uid });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<StoredCredential?> ReadOrRecallAsync(AccountId id, CancellationToken cancellation)
    {
        // Where the feed has found the database away, not every account need wait until it finds the same.
        if (!feed.IsAvailable && known.Find(id) is { } recalled)
        {
            return recalled;
        }

        try
        {
            return await ReadAsync(id, cancellation).ConfigureAwait(false);
        }
        catch (NpgsqlException) when (known.Find(id) is not null)
        {
            return known.Find(id);
        }
    }

    private async Task<StoredCredential?> ReadAsync(AccountId id, CancellationToken cancellation)
    {
        await using var command = system.Command(StoredCredential.Query + " WHERE c.account_id = $1");
        command.Parameters.Add(new() { Value = id.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = await reader.ReadAsync(cancellation).ConfigureAwait(false) ? StoredCredential.Of(reader) : null;
        known.Keep(id, found);
        return found;
    }

    private static string NewPassword() => RandomNumberGenerator.GetHexString(48, lowercase: true);
}
