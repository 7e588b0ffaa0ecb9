namespace Kataven.Grains.Queries.Text;

internal enum SqlTokenKind
{
    End,

    /// <summary>A keyword or a bare identifier.</summary>
    Word,

    /// <summary>An identifier in double quotes.</summary>
    QuotedIdentifier,

    /// <summary>A string constant of any form, its prefix included.</summary>
    String,

    Number,

    /// <summary>A parameter, as <c>$1</c>.</summary>
    Parameter,

    /// <summary>One character of an operator or of punctuation.</summary>
    Symbol,
}
