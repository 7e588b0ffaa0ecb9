namespace Kataven.Api.Authentication;

/// <summary>Whose tokens are taken, and what they may stand for. <see cref="AuthOptionsValidator"/> has the rules.</summary>
internal sealed class AuthOptions
{
    public const string Section = "Kataven:Auth";

    /// <summary>The audience of development tokens where none is configured.</summary>
    public const string DevelopmentAudience = "kataven";

    /// <summary>The issuer's URL: its discovery document lies below it. Required outside <c>Development</c>.</summary>
    public string? Authority { get; set; }

    /// <summary>What a token's <c>aud</c> has to contain. Required wherever an authority is configured.</summary>
    public string? Audience { get; set; }

    /// <summary>Zitadel's project: with it only roles in that project count, without it those in the project that asked for the token.</summary>
    public string? ProjectId { get; set; }

    /// <summary>The home organisation of the system administrators. Without it the admin routes answer 403 outside <c>Development</c>.</summary>
    public string? AdminOrgId { get; set; }

    /// <summary>True: an organisation stands for accounts that are bound to its id alone. Default: true outside <c>Development</c>.</summary>
    public bool? RequireBinding { get; set; }

    /// <summary>False for an issuer on a private network that speaks plain HTTP.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>By how much the issuer's clock may differ from ours: 0 to 5 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The <c>iss</c> of development tokens, the same at each front door, so that a token of one is taken by all.</summary>
    public string DevelopmentIssuer { get; set; } = "http://127.0.0.1:5080";

    /// <summary>For how long, after a token with an unknown key led nowhere, no further one makes the key set be fetched: 0.1 s to 1 h.</summary>
    public TimeSpan KeyRefreshCoolDown { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The age at which the key set is fetched again although each key is known, so that a withdrawn key goes: 1 s to 1 day.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>In <c>Development</c>, with no authority configured, the front door is its own issuer.</summary>
    public bool UsesDevelopmentIssuer(IHostEnvironment environment) =>
        environment.IsDevelopment() && string.IsNullOrWhiteSpace(Authority);

    /// <summary>What <c>aud</c> has to contain, with the default of the development issuer.</summary>
    public string EffectiveAudience => string.IsNullOrWhiteSpace(Audience) ? DevelopmentAudience : Audience;
}
