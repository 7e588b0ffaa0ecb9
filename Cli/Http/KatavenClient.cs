using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kataven.Cli.Http;

/// <summary>
/// The front door over HTTP. An answer that is an error is thrown as <see cref="Refusal"/>, a server that cannot be
/// reached as <see cref="CliFailure"/>; what is returned is good, and its body not yet read.
/// </summary>
internal sealed class KatavenClient : IDisposable
{
    public const string AdminAccount = "kataven-admin";

    private readonly HttpClient _http;
    private readonly string _root;
    private readonly bool _isTokenGiven;
    private string? _token;
    private bool _hasBeenAnswered;

    public KatavenClient(Uri server, string? token)
    {
        _root = server.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _token = token;
        _isTokenGiven = token is not null;
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A redirect is an answer of somebody else: the token is not carried there.
            AllowAutoRedirect = false,
            UseProxy = !server.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            AutomaticDecompression = DecompressionMethods.All,
        })
        {
            // The server limits statements; a stream has no limit.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Path and query below <c>/api/admin</c>, as the administration account.</summary>
    public async Task<HttpResponseMessage> AdminAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync();
        }
        catch (Refusal refusal) when (refusal.Problem.Status == (int)HttpStatusCode.Unauthorized && _hasBeenAnswered && !_isTokenGiven)
        {
            // A long wait outlives the development token that it began with.
            _token = null;
            return await AskAsync();
        }

        async Task<HttpResponseMessage> AskAsync()
        {
            var request = Request(method, "/api/admin" + path, body, "application/json");
            await AuthorizeAsync(request, AdminAccount, cancellationToken);
            var response = await SendAsync(request, cancellationToken);
            _hasBeenAnswered = true;
            return response;
        }
    }

    /// <summary>The whole of an answer to <see cref="AdminAsync"/>.</summary>
    public async Task<string> AdminTextAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        using var response = await AdminAsync(method, path, body, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <summary>Bytes below <c>/api/admin</c>, not yet read.</summary>
    public async Task<HttpResponseMessage> AdminContentAsync(string path, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Get, "/api/admin" + path, body: null, "*/*");
        await AuthorizeAsync(request, AdminAccount, cancellationToken);
        return await SendAsync(request, cancellationToken);
    }

    public async Task<HttpResponseMessage> QueryAsync(
        string account, JsonNode body, string accept, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Post, "/api/query", body, accept);
        request.Headers.Add("X-Account-ID", account);
        if (idempotencyKey is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        await AuthorizeAsync(request, account, cancellationToken);
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>A token of the server's own development issuer.</summary>
    public async Task<string> DevelopmentTokenAsync(string account, CancellationToken cancellationToken)
    {
        var request = Request(
            HttpMethod.Post, "/dev/token", new JsonObject { ["account_id"] = account }, "application/json");
        using var response = await SendAsync(request, cancellationToken);
        using var document = JsonDocument.Parse(await ReadAsync(response, cancellationToken));
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("access_token", out var token)
            && token.GetString() is { Length: > 0 } text
            ? text
            : throw new JsonException();
    }

    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw BrokeOff();
        }
    }

    public static CliFailure BrokeOff() =>
        new(ExitCode.Unavailable, "The answer broke off before its end: what was written is not all of it.");

    private async Task AuthorizeAsync(HttpRequestMessage request, string account, CancellationToken cancellationToken)
    {
        _token ??= await AskForTokenAsync(account, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
    }

    private async Task<string> AskForTokenAsync(string account, CancellationToken cancellationToken)
    {
        try
        {
            return await DevelopmentTokenAsync(account, cancellationToken);
        }
        catch (Refusal refusal) when (ExitCode.OfStatus(refusal.Problem.Status) == ExitCode.Refused)
        {
            throw new CliFailure(
                ExitCode.Refused,
                $"The server gave no development token for {account} ({refusal.Problem.Code}): give one with --token or KATAVEN_TOKEN.");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonNode? body, string accept)
    {
        var request = new HttpRequestMessage(method, _root + path);
        request.Headers.Accept.ParseAdd(accept);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CliFailure(ExitCode.Unavailable, $"The server at {_root} could not be reached: {fault.GetBaseException().Message}");
        }

        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            var problem = Problem.Parse(
                (int)response.StatusCode, response.ReasonPhrase, await ReadAsync(response, cancellationToken));
            throw new Refusal(problem with
            {
                Status = (int)response.StatusCode,
                RetryAfter = Problem.DelayOf(response.Headers.RetryAfter),
            });
        }
    }

    public void Dispose() => _http.Dispose();
}
