using Kataven.Backups;
using Kataven.Errors;
using Orleans.Placement;

namespace Kataven.Grains.Backups;

/// <summary>Has a backup open for one reader. It compares what it reads with what was written, and gives out the last part only where that is so.</summary>
[PreferLocalPlacement]
internal sealed class BackupReaderGrain(IBackupStore store) : Grain, IBackupReaderGrain
{
    private Stream? _content;
    private byte[] _ahead = [];

    public async Task<Refusal?> OpenAsync(Backup backup)
    {
        try
        {
            _content = await store.OpenReadAsync(
                new BackupName(backup.AccountUid, backup.Id), new StoredBackup(backup.Bytes!.Value, backup.Sha256!), default);
            _ahead = await ReadAsync();
            return null;
        }
        catch (Exception exception) when (exception is BackupStoreException or BackupCorruptException)
        {
            return Refusal.Of(ErrorCode.OperationFailed, exception.Message);
        }
    }

    public async Task<byte[]> NextAsync()
    {
        // One part ahead: the stream says at its end that it was right, and until then the last part is kept back.
        var part = _ahead;
        _ahead = part.Length == 0 ? part : await ReadAsync();
        return part;
    }

    public async Task CloseAsync()
    {
        if (_content is not null)
        {
            await _content.DisposeAsync();
            _content = null;
        }

        DeactivateOnIdle();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => CloseAsync();

    private async Task<byte[]> ReadAsync()
    {
        if (_content is null)
        {
            throw new InvalidOperationException("The backup is not open here any more.");
        }

        var part = new byte[IBackupReaderGrain.PartSize];
        var length = await _content.ReadAtLeastAsync(part, part.Length, throwOnEndOfStream: false);
        return length == part.Length ? part : part[..length];
    }
}
