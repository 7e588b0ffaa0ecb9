using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Runs;

/// <summary>What is wrong with an answer, and how to see it again.</summary>
internal sealed record Finding(FuzzCase Case, string Fault)
{
    private const int Shown = 3_000;

    public override string ToString()
    {
        var text = Case.Text.ReplaceLineEndings("\n    ");
        return $"""
            {Case.Kind} case: {Fault}
              again: bench/fuzz --cases 1 --seed {Case.Seed}
                {(text.Length > Shown ? text[..Shown] + "…" : text)}
            """;
    }
}
