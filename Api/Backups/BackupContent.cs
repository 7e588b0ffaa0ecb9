using System.Net.Mime;
using Kataven.Backups;
using Microsoft.Net.Http.Headers;

namespace Kataven.Api.Backups;

/// <summary>
/// The bytes of a backup, part by part. Where they are not those that were written, the connection is closed before the end of the
/// body, so that nobody takes them for whole.
/// </summary>
internal sealed class BackupContent(Backup backup, IBackupReaderGrain reader) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = MediaTypeNames.Application.Octet;
        response.ContentLength = backup.Bytes;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = $"{backup.AccountId}-{backup.StartedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.dump",
        }.ToString();
        try
        {
            while (await reader.NextAsync() is { Length: > 0 } part)
            {
                await response.Body.WriteAsync(part, httpContext.RequestAborted);
            }
        }
        catch (Exception) when (response.HasStarted && !httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Abort();
        }
        finally
        {
            await reader.CloseAsync();
        }
    }
}
