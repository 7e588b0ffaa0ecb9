namespace Kataven.Tidy.Tests.Tree;

/// <summary>A file of the repository.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="FullPath">On this machine.</param>
internal sealed record TextFile(string Path, string FullPath)
{
    private readonly Lazy<string> _text = new(() => File.ReadAllText(FullPath));

    public string Text => _text.Value;

    public string[] Lines => Text.TrimEnd('\n').Split('\n');

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Each line with its place: <c>path:12</c>.</summary>
    public IEnumerable<(string Place, string Line)> Numbered => Lines.Select((line, index) => ($"{Path}:{index + 1}", line));
}
