using Kataven.Baseline;
using Kataven.Baseline.Accounts;
using Kataven.Baseline.Authentication;
using Kataven.Baseline.Queries;

// The obvious service: a pool of connections for each account, in one dictionary. Baseline --urls ADDRESS, and what
// BaselineOptions lists.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddOptions<BaselineOptions>().BindConfiguration(BaselineOptions.Section);
builder.Services.AddSingleton<AccountSources>();
builder.Services.AddSingleton<AccountRegistry>();
builder.Services.AddBearerTokens(builder.Configuration.GetSection(BaselineOptions.Section).Get<BaselineOptions>()!);

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/health", () => "ok");
app.MapPost("/api/query", QueryEndpoint.RunAsync).RequireAuthorization();
app.Run();
