using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Kataven.Cli.Tests;

/// <summary>An HTTP server that gives the contract's answers, and remembers what it was asked.</summary>
internal sealed class FrontDoorStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = new();
    private readonly Func<HttpContext, Task> _answer;

    private FrontDoorStub(Func<HttpContext, Task> answer)
    {
        _answer = answer;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Address => _app.Urls.First();

    /// <summary>All but the requests for a development token.</summary>
    public IReadOnlyList<Received> Received => [.. _received.Where(static request => request.Target != "/dev/token")];

    public IReadOnlyList<Received> TokenRequests => [.. _received.Where(static request => request.Target == "/dev/token")];

    /// <summary>Whether the development issuer is there.</summary>
    public bool IsDevelopment { get; init; } = true;

    public static async Task<FrontDoorStub> StartAsync(Func<HttpContext, Task> answer, bool isDevelopment = true)
    {
        var stub = new FrontDoorStub(answer) { IsDevelopment = isDevelopment };
        await stub._app.StartAsync();
        return stub;
    }

    public static Task<FrontDoorStub> StartAsync(int status, string body, string type = "application/json") =>
        StartAsync(context => WriteAsync(context, status, body, type));

    public static Task<FrontDoorStub> RefusingAsync(int status, string problem) =>
        StartAsync(status, problem, "application/problem+json");

    public static async Task WriteAsync(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        if (status == 204)
            return;

        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        _received.Enqueue(new Received(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            headers.Authorization.ToString(),
            headers["X-Account-ID"].ToString(),
            headers.Accept.ToString(),
            await reader.ReadToEndAsync())
        {
            IdempotencyKey = headers["Idempotency-Key"].ToString(),
        });

        if (context.Request.Path != "/dev/token")
            await _answer(context);
        else if (IsDevelopment)
            await WriteAsync(context, 200, """{"access_token":"dev-token"}""");
        else
            await WriteAsync(context, 404, """{"title":"Not found","status":404,"detail":"There is nothing here.","code":"not_found"}""", "application/problem+json");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
