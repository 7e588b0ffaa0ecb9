using System.Security.Cryptography;
using Kataven.Cli.Http;

namespace Kataven.Cli.Backups;

/// <summary>A backup's content on its way out; it is hashed as it passes, and is good only when the hash is the backup's.</summary>
internal sealed class BackupContent(KatavenClient client, string path, Backup backup)
{
    private const int PieceSize = 128 * 1024;

    public async Task CopyToAsync(Stream target, CancellationToken cancellationToken)
    {
        var expected = backup.Sha256 ?? throw new CliFailure(
            ExitCode.Refused, $"Backup {backup.BackupId} is {backup.Status} and has no SHA-256: its content cannot be checked.");
        using var response = await client.AdminContentAsync(path + "/content", cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[PieceSize];
        while (await ReadAsync(source, buffer, cancellationToken) is > 0 and var length)
        {
            hash.AppendData(buffer, 0, length);
            await target.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
        }

        await target.FlushAsync(cancellationToken);
        var actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (!expected.Equals(actual, StringComparison.OrdinalIgnoreCase))
            throw new CliFailure(ExitCode.Unavailable, $"What came is not the backup {backup.BackupId}: its SHA-256 is {actual}, not {expected}.");
    }

    /// <summary>A fault of the network is told apart from one of the target here, where both are IO exceptions.</summary>
    private static async ValueTask<int> ReadAsync(Stream source, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw KatavenClient.BrokeOff();
        }
    }
}
