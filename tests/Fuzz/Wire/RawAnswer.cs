using System.Text;

namespace Kataven.Fuzz.Wire;

/// <summary>An answer as it stood on the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, bool IsWhole)
{
    /// <summary>Without its parameters; empty where there is none.</summary>
    public string ContentType => Headers.GetValueOrDefault("content-type", "").Split(';')[0].Trim();

    public bool Closes => Headers.GetValueOrDefault("connection", "").Equals("close", StringComparison.OrdinalIgnoreCase);

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The code of a problem, or nothing.</summary>
    public string Code => ContentType == "application/problem+json" && Text is var text && text.IndexOf("\"code\":\"", StringComparison.Ordinal) is >= 0 and var at
        ? text[(at + 8)..text.IndexOf('"', at + 8)]
        : "";

    public override string ToString() => $"{Status} {ContentType} {(IsWhole ? "" : "(broken off) ")}{Text}";
}
