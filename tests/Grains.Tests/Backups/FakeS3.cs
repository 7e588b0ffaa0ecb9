using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Tests.Backups;

/// <summary>S3's protocol as far as backups speak it, with what a real server does seldom. It keeps lengths, and no bytes.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeS3(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, long> Objects { get; } = new();

    /// <summary>By their ids: which key, when, and how long each part is.</summary>
    public ConcurrentDictionary<string, (string Key, DateTimeOffset At, ConcurrentDictionary<int, long> Parts)> Uploads { get; } = new();

    /// <summary>Answers a request with an error instead, where it is true.</summary>
    public Func<HttpRequest, bool> Refuses { get; set; } = _ => false;

    /// <summary>How many bytes of an object are given until the connection is cut.</summary>
    public long CutsAfter { get; set; } = long.MaxValue;

    public string Address => _app.Urls.First();

    public static async Task<FakeS3> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var fake = new FakeS3(builder.Build());
        fake._app.Run(fake.AnswerAsync);
        await fake._app.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, query) = (context.Request, context.Request.Query);
        var key = request.Path.Value!.Split('/', 3) is [_, _, var name] ? name : "";
        var length = await DrainAsync(request);
        if (Refuses(request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("<Error><Code>AccessDenied</Code><Message>not today</Message></Error>");
            return;
        }

        if (request.Method == "GET" && Objects.TryGetValue(key, out var stored))
        {
            await GiveAsync(context, stored);
            return;
        }

        var id = (string?)query["uploadId"];
        var body = (request.Method, query.ContainsKey("uploads"), id) switch
        {
            ("POST", true, _) => Begin(key),
            ("GET", true, _) => List(),
            ("PUT", _, not null) => Keep(context, id, int.Parse(query["partNumber"]!, CultureInfo.InvariantCulture), length),
            ("POST", _, not null) => Complete(id),
            ("DELETE", _, not null) => Abort(context, id),
            ("PUT", _, _) => Put(context, key, length),
            _ => "",
        };
        await context.Response.WriteAsync(body);
    }

    private string Begin(string key)
    {
        var id = Guid.NewGuid().ToString("N");
        Uploads[id] = (key, TimeProvider.System.GetUtcNow(), new());
        return $"<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>{key}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>";
    }

    private string Keep(HttpContext context, string id, int part, long length)
    {
        Uploads[id].Parts[part] = length;
        context.Response.Headers.ETag = $"\"{part}\"";
        return "";
    }

    private string Complete(string id)
    {
        if (Uploads.TryRemove(id, out var upload))
        {
            Objects[upload.Key] = upload.Parts.Values.Sum();
        }

        return "<CompleteMultipartUploadResult><Bucket>b</Bucket><ETag>\"x\"</ETag></CompleteMultipartUploadResult>";
    }

    private string Abort(HttpContext context, string id)
    {
        Uploads.TryRemove(id, out _);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return "";
    }

    private string Put(HttpContext context, string key, long length)
    {
        Objects[key] = length;
        context.Response.Headers.ETag = "\"x\"";
        return "";
    }

    /// <summary>So many zeros.</summary>
    private async Task GiveAsync(HttpContext context, long length)
    {
        context.Response.ContentLength = length;
        await context.Response.BodyWriter.WriteAsync(new byte[Math.Min(length, CutsAfter)]);
        if (CutsAfter < length)
        {
            context.Abort();
        }
    }

    private string List() => "<ListMultipartUploadsResult><Bucket>b</Bucket><IsTruncated>false</IsTruncated>"
        + string.Concat(Uploads.Select(upload => $"<Upload><Key>{upload.Value.Key}</Key><UploadId>{upload.Key}</UploadId><Initiated>{upload.Value.At:yyyy-MM-ddTHH:mm:ss.fffZ}</Initiated></Upload>"))
        + "</ListMultipartUploadsResult>";

    private static async Task<long> DrainAsync(HttpRequest request)
    {
        var (buffer, length) = (new byte[64 * 1024], 0L);
        while (await request.Body.ReadAsync(buffer) is > 0 and var read)
        {
            length += read;
        }

        return length;
    }
}
