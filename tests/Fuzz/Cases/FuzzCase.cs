using System.Text;

namespace Kataven.Fuzz.Cases;

/// <summary>Bytes to send, and what may come back.</summary>
internal sealed record FuzzCase
{
    public required ulong Seed { get; init; }

    public required CaseKind Kind { get; init; }

    /// <summary>Requests of one connection, sent at once.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>How many answers are waited for.</summary>
    public int Answers { get; init; } = 1;

    /// <summary>Nothing more can be sent on the connection, whatever the answer says.</summary>
    public bool SpoilsConnection { get; init; }

    /// <summary>The sender stops sending behind the bytes, as one does that goes away.</summary>
    public bool StopsSending { get; init; }

    /// <summary>
    /// This may be no HTTP: the server's parser then answers in its own way, without a body, or closes the connection. It
    /// never is the service that answers so.
    /// </summary>
    public bool MayBeNoHttp { get; init; }

    /// <summary>The only right answer is 401.</summary>
    public bool IsUnauthorized { get; init; }

    /// <summary>The request asks <c>current_database()</c>: a 200 has to name this account.</summary>
    public string? Account { get; init; }

    /// <summary>It ends its own backend, or raises the SQLSTATE of a lost one: 503 with one of these codes is right.</summary>
    public bool MayLoseBackend { get; init; }

    /// <summary>It runs statements, which may take too long.</summary>
    public bool RunsSql { get; init; }

    /// <summary>The route is limited per client.</summary>
    public bool MayBeRateLimited { get; init; }

    /// <summary>What is shown of it.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes);
}
