using System.Net.Http.Headers;
using System.Text;
using Kataven.Bench.Contenders;
using Kataven.Bench.Wrk;

namespace Kataven.Bench.Scenarios;

/// <summary>Figures of services that do not answer the same say nothing.</summary>
internal static class AnswerCheck
{
    private const int Shown = 300;

    /// <exception cref="InvalidDataException">A rival's answer is not the product's, byte for byte.</exception>
    public static async Task AnswersAreEqualAsync(IReadOnlyList<Contender> contenders, RequestList list, CancellationToken cancellation)
    {
        foreach (var body in list.Bodies.Distinct().Take(20))
        {
            var wanted = await AskAsync(contenders[0], list, body, cancellation);
            foreach (var rival in contenders.Skip(1))
            {
                var got = await AskAsync(rival, list, body, cancellation);
                if (!got.AsSpan().SequenceEqual(wanted))
                {
                    throw new InvalidDataException($"{contenders[0].Name} and {rival.Name} answer differently to {body}:\n{TextOf(wanted)}\n{TextOf(got)}");
                }
            }
        }
    }

    private static async Task<byte[]> AskAsync(Contender contender, RequestList list, string body, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = contender.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query") { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        var target = list.Targets[0];
        request.Headers.Add("X-Account-ID", target.Account);
        request.Headers.Accept.ParseAdd(list.Accept);
        if (contender.ChecksTokens)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", target.Token);
        }

        using var response = await http.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
        return response.IsSuccessStatusCode ? answer : throw new InvalidDataException($"{contender.Name} answered {(int)response.StatusCode} to {body}: {TextOf(answer)}");
    }

    private static string TextOf(byte[] answer) => Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(Shown, answer.Length)));
}
