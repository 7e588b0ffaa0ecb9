using System.Net.Http.Headers;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Audit;
using Kataven.Api.Authentication;
using Kataven.Api.Errors;
using Kataven.Api.Tenancy;
using Kataven.Api.Tests.Audit;
using Kataven.Api.Tests.Tenancy;
using Kataven.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Tests.Accounts;

/// <summary>The administration of accounts, with grains that end as a test says.</summary>
internal sealed class AdministrationFront : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private AdministrationFront(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public ScriptedAudit Audit { get; private init; } = null!;

    public OneAccountCatalog Catalog { get; private init; } = null!;

    public ScriptedAccount Account { get; private init; } = null!;

    /// <param name="ends">How the calls of the account's grain end.</param>
    public static async Task<AdministrationFront> StartAsync(params Func<AccountResult>[] ends)
    {
        var (audit, catalog, (account, script)) = (new ScriptedAudit(), new OneAccountCatalog(), ScriptedAccount.Of(ends));
        var grains = GrainsByKind.Of((typeof(IAuditGrain), audit), (typeof(IAccountCatalogGrain), catalog), (typeof(IAccountGrain), account));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(grains);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new GrainCalls(grains, new KnownMembers(), Options.Create(new RequestOptions()), new ImpatientTime()));
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseProblemDetails();
        app.Use((context, next) =>
        {
            using var claims = JsonDocument.Parse("""{"sub":"1"}""");
            context.Features.Set(TokenClaimsReader.Read(claims.RootElement, null));
            return next(context);
        });
        app.UseRouting();
        app.MapGroup("/api/admin").WithAudit().MapAccounts();
        await app.StartAsync();
        return new AdministrationFront(app) { Audit = audit, Catalog = catalog, Account = script };
    }

    public async Task<(int Status, string? Code)> CallAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/admin/accounts{path}");
        request.Content = body is null ? null : new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(text);
        return ((int)answer.StatusCode, json.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
