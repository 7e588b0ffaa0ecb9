using Kataven.Grains.Queries.Text;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Follows a statement token by token, and tells whether it is inside <c>BEGIN ATOMIC … END</c>, the body of a function in SQL that
/// stands in no quotes.
/// </summary>
internal struct RoutineBody
{
    /// <summary>Words in which a statement may have said that it makes a routine: <c>CREATE OR REPLACE FUNCTION</c>.</summary>
    private const int HeadWords = 4;

    private int _words;
    private bool _makesRoutine;
    private bool _isName;
    private bool _sawBegin;
    private int _open;

    public readonly bool IsOpen => _open > 0;

    public void Read(in SqlScanner scanner, bool isOutside)
    {
        if (_words < HeadWords && scanner.Kind == SqlTokenKind.Word)
        {
            _words++;
            _makesRoutine |= _words > 1 && (scanner.IsWord("FUNCTION") || scanner.IsWord("PROCEDURE"));
        }

        if (!_makesRoutine)
        {
            return;
        }

        if (_open > 0 && !_isName)
        {
            // CASE ends with the same word, also inside brackets.
            _open += scanner.IsWord("CASE") ? 1 : scanner.IsWord("END") ? -1 : 0;
        }
        else if (_sawBegin && scanner.IsWord("ATOMIC"))
        {
            _open = 1;
        }

        _sawBegin = isOutside && scanner.IsWord("BEGIN");
        // Behind a dot or AS the reserved words are names.
        _isName = scanner.IsSymbol('.') || scanner.IsWord("AS");
    }
}
