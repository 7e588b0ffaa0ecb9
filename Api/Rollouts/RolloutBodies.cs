using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Queries;
using Kataven.Rollouts;

namespace Kataven.Api.Rollouts;

/// <summary>Reads the body of <c>POST /api/admin/rollouts</c>. What is wrong with it is told by the member's name.</summary>
internal static class RolloutBodies
{
    private const int MostCanaries = 1_000;

    private static readonly RolloutRequest Default = new(null, [], WaveSize: 50, Parallelism: 4, MaxFailures: 0, Actor: "");

    public static RolloutRequest Read(ReadOnlySequence<byte> body) => RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        var request = Default;
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            request = member switch
            {
                "target" when json.TokenType == JsonTokenType.Null => request with { Target = null },
                "target" => request with { Target = ReadNumber(ref json, member, 1, int.MaxValue) },
                "canaries" => request with { Canaries = ReadCanaries(ref json) },
                "wave_size" => request with { WaveSize = ReadNumber(ref json, member, 1, 10_000) },
                "parallelism" => request with { Parallelism = ReadNumber(ref json, member, 1, 64) },
                "max_failures" => request with { MaxFailures = ReadNumber(ref json, member, 0, 1_000_000) },
                _ => throw new RequestFault($"{member} is not a member of this request."),
            };
        }

        return request;
    });

    private static int ReadNumber(ref Utf8JsonReader json, string member, int smallest, int largest) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) && number >= smallest && number <= largest
            ? number
            : throw new RequestFault($"{member} has to be a whole number from {smallest} to {largest}.");

    private static ImmutableArray<AccountId> ReadCanaries(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new RequestFault("canaries has to be an array of accounts' slugs.");
        }

        var canaries = ImmutableArray.CreateBuilder<AccountId>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            canaries.Add(json.TokenType == JsonTokenType.String && AccountId.TryParse(json.GetString(), out var canary)
                ? canary
                : throw new RequestFault($"canaries[{canaries.Count}] has to be an account's slug."));
            if (canaries.Count > MostCanaries)
            {
                throw new RequestFault($"canaries has to be at most {MostCanaries} accounts.");
            }
        }

        return canaries.ToImmutable();
    }
}
