using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Headers;
using Kataven.Fuzz.Routes;
using Kataven.Fuzz.Sql;
using Kataven.Fuzz.Tokens;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Cases;

/// <summary>One seed, one case.</summary>
internal sealed class CaseFactory(Actors actors)
{
    private readonly BodyCases _bodies = new(actors);
    private readonly HeaderCases _headers = new(actors);
    private readonly TokenCases _tokens = new(actors);
    private readonly SqlCases _sql = new(actors);
    private readonly RouteCases _routes = new(actors);
    private readonly WireCases _wire = new(actors);

    public FuzzCase Make(ulong seed)
    {
        var dice = new Dice(seed);
        return dice.Below(100) switch
        {
            < 15 => _bodies.Make(seed, dice),
            < 27 => _headers.Make(seed, dice),
            < 39 => _tokens.Make(seed, dice),
            < 49 => _wire.Make(seed, dice),
            < 57 => _routes.Make(seed, dice),
            _ => _sql.Make(seed, dice),
        };
    }
}
