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
    private const string EveryRule = "every has to be a time of 00:01:00 to 366.00:00:00, written as [days.]hours:minutes:seconds.";

    public static BackupSchedule ReadSchedule(ReadOnlySequence<byte> body) => RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        TimeSpan? every = null;
        int? keep = null;
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "every":
                    every = ReadEvery(ref json);
                    break;
                case "keep":
                    keep = ReadKeep(ref json);
                    break;
                default:
                    throw new RequestFault($"{member} is not known here.");
            }
        }

        return new BackupSchedule(every ?? throw new RequestFault("every is missing."), keep ?? throw new RequestFault("keep is missing."));
    });

    private static TimeSpan ReadEvery(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String
        && TimeSpan.TryParse(json.GetString(), CultureInfo.InvariantCulture, out var every)
        && every >= BackupSchedule.Shortest && every <= BackupSchedule.Longest
            ? every
            : throw new RequestFault(EveryRule);

    private static int ReadKeep(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var keep) && keep is >= 1 and <= BackupSchedule.MostKept
            ? keep
            : throw new RequestFault($"keep has to be 1 to {BackupSchedule.MostKept}, a whole number.");
}
