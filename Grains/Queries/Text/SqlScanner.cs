using System.Buffers;
using System.Text;

namespace Kataven.Grains.Queries.Text;

/// <summary>
/// Cuts a statement into tokens by the rules of PostgreSQL's own scanner, with <c>standard_conforming_strings</c> on: white
/// space and comments (nested too) are passed over, and what stands in quotes is one token. It never fails: text that
/// PostgreSQL would refuse ends early, or is cut in some way.
/// </summary>
internal ref struct SqlScanner(ReadOnlySpan<char> sql)
{
    private static readonly SearchValues<char> IdentifierStart =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");

    private readonly ReadOnlySpan<char> _sql = sql;
    private int _next;

    public SqlTokenKind Kind { get; private set; }

    /// <summary>The token as it stands in the statement.</summary>
    public ReadOnlySpan<char> Text { get; private set; }

    /// <summary>Round brackets that are open before this token, or after it where it is one that opens.</summary>
    public int Depth { get; private set; }

    public readonly bool IsWord(ReadOnlySpan<char> keyword) =>
        Kind == SqlTokenKind.Word && Ascii.EqualsIgnoreCase(Text, keyword);

    public readonly bool IsSymbol(char symbol) => Kind == SqlTokenKind.Symbol && Text[0] == symbol;

    /// <summary>False at the end of the statement.</summary>
    public bool Read()
    {
        SkipSpaceAndComments();
        var start = _next;
        Kind = ReadToken();
        Text = _sql[start.._next];
        if (IsSymbol('('))
            Depth++;
        else if (IsSymbol(')'))
            Depth--;
        return Kind != SqlTokenKind.End;
    }

    private SqlTokenKind ReadToken()
    {
        var first = Peek(0);
        if (_next >= _sql.Length)
            return SqlTokenKind.End;
        if (IsIdentifierStart(first))
            return ReadWord();
        if (char.IsAsciiDigit(first))
            return ReadNumber();
        switch (first)
        {
            case '\'':
                ReadString(backslashEscapes: false);
                return SqlTokenKind.String;
            case '"':
                SkipQuoted('"', backslashEscapes: false);
                return SqlTokenKind.QuotedIdentifier;
            case '$' when char.IsAsciiDigit(Peek(1)):
                _next++;
                ReadNumber();
                return SqlTokenKind.Parameter;
            case '$' when DollarTagLength() is var length and > 0:
                SkipDollarQuoted(length);
                return SqlTokenKind.String;
            default:
                _next++;
                return SqlTokenKind.Symbol;
        }
    }

    /// <summary>A word, or a string or identifier with a prefix: <c>E'…'</c>, <c>B'…'</c>, <c>U&amp;"…"</c>.</summary>
    private SqlTokenKind ReadWord()
    {
        var first = char.ToLowerInvariant(Peek(0));
        if (Peek(1) == '\'' && (first is 'e' or 'b' or 'x' or 'n'))
        {
            _next++;
            ReadString(backslashEscapes: first == 'e');
            return SqlTokenKind.String;
        }
        if (first == 'u' && Peek(1) == '&' && (Peek(2) is '\'' or '"'))
        {
            _next += 2;
            if (Peek(0) == '"')
            {
                SkipQuoted('"', backslashEscapes: false);
                return SqlTokenKind.QuotedIdentifier;
            }
            ReadString(backslashEscapes: false);
            return SqlTokenKind.String;
        }
        do
            _next++;
        while (IsIdentifierStart(Peek(0)) || char.IsAsciiDigit(Peek(0)) || Peek(0) == '$');
        return SqlTokenKind.Word;
    }

    // Letters that follow digits begin a word, as they did before PostgreSQL 15, which refuses them.
    private SqlTokenKind ReadNumber()
    {
        do
            _next++;
        while (char.IsAsciiDigit(Peek(0)));
        return SqlTokenKind.Number;
    }

    /// <summary>A string goes on behind white space with a line break in it, by the rules of its first part.</summary>
    private void ReadString(bool backslashEscapes)
    {
        while (true)
        {
            SkipQuoted('\'', backslashEscapes);
            var end = _next;
            if (SkipLineBreak() && Peek(0) == '\'')
                continue;
            _next = end;
            return;
        }
    }

    // A doubled quote reads as the end of one part and the start of the next: the same token either way.
    private void SkipQuoted(char quote, bool backslashEscapes)
    {
        do
        {
            _next++;
            while (_next < _sql.Length && _sql[_next] != quote)
                _next += backslashEscapes && _sql[_next] == '\\' ? 2 : 1;
            _next++;
        }
        while (Peek(0) == quote);
        _next = Math.Min(_next, _sql.Length);
    }

    /// <summary>The length of <c>$tag$</c> here, 0 where there is none.</summary>
    private readonly int DollarTagLength()
    {
        var length = 1;
        while (IsIdentifierStart(Peek(length)) || (length > 1 && char.IsAsciiDigit(Peek(length))))
            length++;
        return Peek(length) == '$' ? length + 1 : 0;
    }

    private void SkipDollarQuoted(int tagLength)
    {
        var tag = _sql.Slice(_next, tagLength);
        _next += tagLength;
        var end = _sql[_next..].IndexOf(tag);
        _next = end < 0 ? _sql.Length : _next + end + tagLength;
    }

    private void SkipSpaceAndComments()
    {
        while (true)
        {
            if (IsSpace(Peek(0)))
                _next++;
            else if (Peek(0) == '-' && Peek(1) == '-')
                SkipLine();
            else if (Peek(0) == '/' && Peek(1) == '*')
                SkipBlockComment();
            else
                return;
        }
    }

    /// <summary>White space and line comments, as between the parts of a string; true where a line ended among them.</summary>
    private bool SkipLineBreak()
    {
        var lineEnded = false;
        while (true)
        {
            if (IsSpace(Peek(0)))
                lineEnded |= _sql[_next++] is '\n' or '\r';
            else if (Peek(0) == '-' && Peek(1) == '-')
                SkipLine();
            else
                return lineEnded;
        }
    }

    private void SkipLine()
    {
        var end = _sql[_next..].IndexOfAny('\n', '\r');
        _next = end < 0 ? _sql.Length : _next + end;
    }

    private void SkipBlockComment()
    {
        var open = 0;
        do
        {
            if (Peek(0) == '/' && Peek(1) == '*')
            {
                open++;
                _next += 2;
            }
            else if (Peek(0) == '*' && Peek(1) == '/')
            {
                open--;
                _next += 2;
            }
            else
                _next++;
        }
        while (open > 0 && _next < _sql.Length);
    }

    private readonly char Peek(int ahead) => _next + ahead < _sql.Length ? _sql[_next + ahead] : '\0';

    // To PostgreSQL every character beyond ASCII is a letter.
    private static bool IsIdentifierStart(char c) => c >= 0x80 || IdentifierStart.Contains(c);

    private static bool IsSpace(char c) => c is ' ' or (>= '\t' and <= '\r');
}
