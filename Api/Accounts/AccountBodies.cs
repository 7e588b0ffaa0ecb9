using System.Buffers;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Queries;
using Kataven.Errors;

namespace Kataven.Api.Accounts;

/// <summary>Reads the bodies of the accounts' routes. What is wrong with one is told by the member's name.</summary>
internal static class AccountBodies
{
    /// <summary>Characters of a name or an organisation's id, as the table's checks have it.</summary>
    private const int LongestName = 200;

    /// <summary>Characters of the reason of a suspension.</summary>
    private const int LongestReason = 1_000;

    public static AccountCreation ReadCreation(ReadOnlySequence<byte> body) => RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        AccountId? id = null;
        string? name = null, organisation = null;
        Guid? backup = null;
        var limits = new Dictionary<string, int?>();
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "account_id":
                    id = ReadId(ref json, member);
                    break;
                case "from_backup":
                    backup = json.TokenType == JsonTokenType.String && json.TryGetGuid(out var number) ? number : throw new RequestFault("from_backup has to be a backup's id.");
                    break;
                case "account_name":
                    name = ReadName(ref json, member);
                    break;
                case "org_id":
                    organisation = ReadNameOrNull(ref json, member);
                    break;
                case "limits":
                    limits = ReadLimits(ref json);
                    break;
                default:
                    throw Unknown(member);
            }
        }

        var account = new NewAccount(name ?? throw Missing("account_name"), organisation, AccountLimits.Of(limits));
        return new AccountCreation(id ?? throw Missing("account_id"), account, backup);
    });

    public static AccountPatch ReadPatch(ReadOnlySequence<byte> body) => RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        var patch = new AccountPatch();
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            patch = member switch
            {
                "account_name" => patch with { Name = ReadName(ref json, member) },
                "org_id" => patch with { SetsOrgId = true, OrgId = ReadNameOrNull(ref json, member) },
                "limits" => patch with { Limits = ReadLimits(ref json) },
                _ => throw Unknown(member),
            };
        }

        return patch;
    });

    /// <summary>The reason, or null. A suspension needs no body.</summary>
    public static string? ReadSuspension(ReadOnlySequence<byte> body) => body.IsEmpty ? null : RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        string? reason = null;
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            reason = member switch
            {
                "reason" when json.TokenType == JsonTokenType.Null => null,
                "reason" => ReadText(ref json, member, 0, LongestReason, allowsLines: true),
                _ => throw Unknown(member),
            };
        }

        return reason;
    });

    /// <summary>A slug that an account can have.</summary>
    public static AccountId ReadId(ref Utf8JsonReader json, string member)
    {
        var text = json.TokenType == JsonTokenType.String ? json.GetString() : throw new RequestFault($"{member} has to be a string.");
        if (!AccountId.TryParse(text, out var id))
        {
            throw new RequestFault(ErrorCode.InvalidAccount, $"{member} is no account's slug: {RouteAccount.SlugRule}.");
        }

        return id.IsReserved ? throw new RequestFault(ErrorCode.ReservedAccount, "This slug is never an account.") : id;
    }

    private static Dictionary<string, int?> ReadLimits(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestFault("limits has to be an object.");
        }

        var limits = new Dictionary<string, int?>();
        var members = new MemberNames("limits.");
        while (members.TryReadNext(ref json, out var member))
        {
            limits[member] = ReadLimit(ref json, AccountLimit.Find(member) ?? throw Unknown("limits." + member));
        }

        return limits;
    }

    private static int? ReadLimit(ref Utf8JsonReader json, AccountLimit limit)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var value) && value >= limit.Minimum && value <= limit.Maximum
            ? value
            : throw new RequestFault($"limits.{limit.Name} has to be {limit.Minimum} to {limit.Maximum}, a whole number, or null for the default.");
    }

    public static string ReadName(ref Utf8JsonReader json, string member) => ReadText(ref json, member, 1, LongestName, allowsLines: false);

    private static string? ReadNameOrNull(ref Utf8JsonReader json, string member) =>
        json.TokenType == JsonTokenType.Null ? null : ReadName(ref json, member);

    private static string ReadText(ref Utf8JsonReader json, string member, int shortest, int longest, bool allowsLines)
    {
        var text = json.TokenType == JsonTokenType.String ? json.GetString()! : throw new RequestFault($"{member} has to be a string.");
        // As PostgreSQL counts them.
        var length = text.EnumerateRunes().Count();
        if (length < shortest || length > longest)
        {
            throw new RequestFault($"{member} has to be {shortest} to {longest} characters.");
        }

        return text.Any(c => char.IsControl(c) && !(allowsLines && c is '\n' or '\r' or '\t'))
            ? throw new RequestFault($"{member} has a control character.")
            : text;
    }

    private static RequestFault Missing(string member) => new($"{member} is missing.");

    private static RequestFault Unknown(string member) => new($"{member} is not a member of this request.");
}
