using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Idempotency;

/// <summary>The service with room for few keys and small answers, on a server of its own.</summary>
public sealed class SmallKeysService : ServiceFixture
{
    public const int MaxKeys = 5;

    public const int MaxAnswerBytes = 300_000;

    protected override string[] Arguments =>
    [
        .. base.Arguments,
        $"--Kataven:Idempotency:MaxKeys={MaxKeys}",
        $"--Kataven:Idempotency:MaxAnswerBytes={MaxAnswerBytes}",
        "--Kataven:Idempotency:MaxTotalBytes=1048576",
        "--Kataven:Idempotency:KeepFor=01:00:00",
    ];
}
