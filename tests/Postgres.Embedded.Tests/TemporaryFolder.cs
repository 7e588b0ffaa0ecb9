namespace Kataven.Postgres.Embedded.Tests;

/// <summary>A path that nobody uses yet; what stands there at the end is deleted.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _top = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "kataven-test-" + Guid.NewGuid().ToString("N"));

    public TemporaryFolder(string below = "") => Path = System.IO.Path.Combine(_top, below).TrimEnd('/');

    public string Path { get; }

    public string Cluster => System.IO.Path.Combine(Path, "cluster");

    public void Dispose()
    {
        if (Directory.Exists(_top))
        {
            Directory.Delete(_top, recursive: true);
        }
    }
}
