using System.Collections.Concurrent;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;
using Kataven.Chaos.Runs;

namespace Kataven.Chaos.Clients;

/// <summary>The clients of all accounts.</summary>
internal sealed class Crowd(FrontDoors doors, Recorder recorder, Promises promises, ChaosOptions options)
{
    private readonly ActionKind[] _writes =
    [
        ActionKind.Insert, ActionKind.Insert, ActionKind.InsertReturning, ActionKind.InsertReturning, ActionKind.Pair, ActionKind.Pair,
        ActionKind.ForbiddenPair, ActionKind.Increment, ActionKind.Increment, ActionKind.Increment, ActionKind.PlainRead,
        .. promises.IdempotentWrites ? [ActionKind.KeyedInsert, ActionKind.KeyedInsert, ActionKind.KeyedInsert] : Array.Empty<ActionKind>(),
        .. promises.InteractiveTransactions ? [ActionKind.Interactive, ActionKind.Interactive, ActionKind.InteractiveRollback] : Array.Empty<ActionKind>(),
    ];

    private readonly ConcurrentBag<Task> _working = [];

    /// <summary>They work until the account's end.</summary>
    public void Join(LiveAccount account)
    {
        for (var i = 0; i < options.Writers + options.Readers; i++)
        {
            var dice = Dice.Of(options.Seed, $"{account.Life}/{i}");
            var conversation = new Conversation(account, doors, recorder, dice);
            var isWriter = i < options.Writers;
            _working.Add(Task.Run(() => isWriter ? WriteAsync(account, conversation, dice) : ReadAsync(account, conversation, dice)));
        }
    }

    /// <summary>Returns when the clients of accounts that have ended have ended too.</summary>
    public Task WhenDoneAsync() => Task.WhenAll(_working);

    private async Task WriteAsync(LiveAccount account, Conversation conversation, Dice dice)
    {
        while (await account.TakePenAsync())
        {
            try
            {
                await conversation.DoAsync(_writes[dice.Below(_writes.Length)]);
            }
            finally
            {
                account.GiveBackPen();
            }

            await recorder.Clock.PauseAsync(dice.Time(20, 200), account.Ending);
        }
    }

    private async Task ReadAsync(LiveAccount account, Conversation conversation, Dice dice)
    {
        while (!account.Ending.IsCancellationRequested)
        {
            await conversation.DoAsync(ActionKind.Read);
            await recorder.Clock.PauseAsync(dice.Time(20, 120), account.Ending);
        }
    }
}
