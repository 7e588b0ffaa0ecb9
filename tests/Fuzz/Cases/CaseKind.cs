namespace Kataven.Fuzz.Cases;

/// <summary>What a case is made of; which answers are right depends on it.</summary>
internal enum CaseKind
{
    Body,
    Header,
    Token,
    Sql,
    Route,
    Wire,
}
