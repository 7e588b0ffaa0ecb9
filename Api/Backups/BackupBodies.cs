using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kataven.Api.Errors;
using Kataven.Api.Queries;
using Kataven.Backups;

namespace Kataven.Api.Backups;

/// <summary>Reads the bodies of the backups' routes.</summary>
internal static class BackupBodies
{
    public static BackupSchedule ReadSchedule(ReadOnlySequence<byte> body) => RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        TimeSpan? every = null, verifyEvery = null;
        int? keep = null;
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "every":
                    every = ReadTime(ref json, member, BackupSchedule.Shortest);
                    break;
                case "verify_every":
                    verifyEvery = json.TokenType == JsonTokenType.Null ? null : ReadTime(ref json, member, BackupSchedule.ShortestVerification);
                    break;
                case "keep":
                    keep = ReadKeep(ref json);
                    break;
                default:
                    throw new RequestFault($"{member} is not known here.");
            }
        }

        return new BackupSchedule(
            every ?? throw new RequestFault("every is missing."), keep ?? throw new RequestFault("keep is missing."), verifyEvery);
    });

    private static TimeSpan ReadTime(ref Utf8JsonReader json, string member, TimeSpan shortest) =>
        json.TokenType == JsonTokenType.String
        && TimeSpan.TryParse(json.GetString(), CultureInfo.InvariantCulture, out var time)
        && time >= shortest && time <= BackupSchedule.Longest
            ? time
            : throw new RequestFault($"{member} has to be a time of {shortest:c} to {BackupSchedule.Longest:c}, written as [days.]hours:minutes:seconds.");

    private static int ReadKeep(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var keep) && keep is >= 1 and <= BackupSchedule.MostKept
            ? keep
            : throw new RequestFault($"keep has to be 1 to {BackupSchedule.MostKept}, a whole number.");
}
