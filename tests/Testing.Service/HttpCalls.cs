using System.Text;
using System.Text.Json;
using Xunit;

namespace Kataven.Testing.Service;

/// <summary>One call each, whose answer is read to its end.</summary>
public static class HttpCalls
{
    /// <summary>The body is sent as JSON; a string is sent as it stands.</summary>
    public static Task<Reply> PostAsync(this HttpClient client, string path, object? body) =>
        client.CallAsync(HttpMethod.Post, path, body);

    public static async Task<Reply> CallAsync(
        this HttpClient client, HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.CallAsync(request);
    }

    public static async Task<Reply> CallAsync(this HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, TestContext.Current.CancellationToken);
        return await Reply.OfAsync(response);
    }
}
