using Kataven.Bench.Grounds;

namespace Kataven.Bench.Contenders;

/// <summary>A contender that has the server to itself, started anew.</summary>
internal static class Apart
{
    /// <param name="ground">Where it stands.</param>
    /// <param name="contender">Who.</param>
    /// <param name="warmUp">Asks it something: a rival has the keys of its issuer after that, and the product that has them to give can go.</param>
    /// <param name="run">What it is put through, alone.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(Ground ground, Contender contender, Func<Task> warmUp, Func<Task> run, CancellationToken cancellation)
    {
        await using (contender)
        {
            await using (var issuer = new Product())
            {
                await (contender is Product ? contender : issuer).StartAsync(ground, cancellation);
                if (contender is not Product)
                {
                    await contender.StartAsync(ground, cancellation);
                }

                await warmUp();
            }

            await run();
        }
    }
}
