namespace Kataven.Grains.Tests.Backups;

/// <summary>A folder of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("kataven-store-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
