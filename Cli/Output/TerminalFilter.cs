using System.Text;

namespace Kataven.Cli.Output;

/// <summary>Escapes a text that comes in pieces, on its way to a terminal; line ends and tabs stay.</summary>
internal sealed class TerminalFilter
{
    private readonly StringBuilder _escaped = new();

    // A carriage return is half of a line end, or else overwrites the line: the next character tells, perhaps in the next piece.
    private bool _returnIsPending;

    public string Next(ReadOnlySpan<char> piece)
    {
        _escaped.Clear();
        foreach (var c in piece)
        {
            if (_returnIsPending && c != '\n')
                TerminalText.AppendEscape(_escaped, '\r');

            _returnIsPending = c == '\r';
            if (_returnIsPending)
                continue;

            if (c is '\n' or '\t' || !TerminalText.IsHarmful(c))
                _escaped.Append(c);
            else
                TerminalText.AppendEscape(_escaped, c);
        }

        return _escaped.ToString();
    }
}
