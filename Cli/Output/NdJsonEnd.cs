using System.Text;

namespace Kataven.Cli.Output;

/// <summary>
/// Watches a stream of lines go by and keeps the last one that is an object: it says how the stream ended. Rows are
/// arrays, so they are never kept, however long.
/// </summary>
internal sealed class NdJsonEnd
{
    // A line of columns (at most 1,664 of them) or a problem is far shorter.
    private const int MaxLineLength = 1024 * 1024;

    private readonly StringBuilder _line = new();
    private bool _isAtStart = true;
    private bool _isObject;

    /// <summary>The last whole line, where it was an object; <c>null</c> when a row came last.</summary>
    public string? LastLine { get; private set; }

    public void Read(ReadOnlySpan<char> piece)
    {
        foreach (var c in piece)
        {
            if (c == '\n')
                EndLine();
            else
                Append(c);
        }
    }

    private void Append(char c)
    {
        if (_isAtStart)
        {
            _isObject = c == '{';
            _isAtStart = false;
        }

        if (_isObject && _line.Length < MaxLineLength)
            _line.Append(c);
    }

    private void EndLine()
    {
        if (!_isAtStart)
            LastLine = _isObject ? _line.ToString() : null;

        _line.Clear();
        _isAtStart = true;
    }
}
