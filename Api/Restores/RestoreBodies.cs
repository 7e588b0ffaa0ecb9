using System.Buffers;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Queries;

namespace Kataven.Api.Restores;

/// <summary>Reads the bodies of restores and clones.</summary>
internal static class RestoreBodies
{
    public static RestoreRequest ReadRestore(ReadOnlySequence<byte> body) => RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        Guid? backup = null;
        AccountId? into = null, from = null;
        string? name = null;
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "backup_id":
                    backup = json.TokenType == JsonTokenType.String && json.TryGetGuid(out var id) ? id : throw new RequestFault("backup_id has to be a backup's id.");
                    break;
                case "into":
                    into = AccountBodies.ReadId(ref json, member);
                    break;
                case "from_account":
                    from = AccountBodies.ReadId(ref json, member);
                    break;
                case "account_name":
                    name = AccountBodies.ReadName(ref json, member);
                    break;
                default:
                    throw new RequestFault($"{member} is not known here.");
            }
        }

        return new RestoreRequest(backup ?? throw new RequestFault("backup_id is missing."), into, from, name);
    });

    public static CloneRequest ReadClone(ReadOnlySequence<byte> body) => RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        AccountId? into = null;
        string? name = null;
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "account_id":
                    into = AccountBodies.ReadId(ref json, member);
                    break;
                case "account_name":
                    name = AccountBodies.ReadName(ref json, member);
                    break;
                default:
                    throw new RequestFault($"{member} is not known here.");
            }
        }

        var id = into ?? throw new RequestFault("account_id is missing.");
        return new CloneRequest(id, name ?? id.Value);
    });
}
