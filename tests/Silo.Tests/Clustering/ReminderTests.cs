using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Kataven.Silo.Tests.Clustering;

[Collection<TwoSilosCollection>]
public sealed class ReminderTests(TwoSilos silos)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reminder_is_kept_changed_and_deleted()
    {
        var note = silos.Grains.GetGrain<INoteGrain>(Guid.NewGuid().ToString("N"));

        await note.RemindAsync("daily", TimeSpan.FromDays(1));
        await note.RemindAsync("yearly", TimeSpan.FromDays(365));
        await note.RemindAsync("daily", TimeSpan.FromDays(2));
        Assert.Equal(["daily", "yearly"], await note.RemindersAsync());

        await note.ForgetAsync("daily");
        Assert.Equal(["yearly"], await note.RemindersAsync());
    }

    [Fact]
    public async Task The_parts_of_the_ring_together_hold_each_reminder_once()
    {
        var table = silos.First.GetRequiredService<IReminderTable>();
        var names = new List<string>();
        for (var n = 0; n < 40; n++)
        {
            names.Add($"ring-{n:00}");
            await table.UpsertRow(new ReminderEntry
            {
                GrainId = GrainId.Create("ring", $"{Guid.NewGuid():N}"),
                ReminderName = names[^1],
                StartAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1),
                Period = TimeSpan.FromDays(40),
            }, Cancelled);
        }

        uint[] cuts = [0x2000_0000, 0x7000_0000, 0x9000_0000, 0xF000_0000];
        var found = new List<string>();
        for (var cut = 0; cut < cuts.Length; cut++)
        {
            var part = await table.ReadRows(cuts[cut], cuts[(cut + 1) % cuts.Length], Cancelled);
            found.AddRange(part.Reminders.Select(reminder => reminder.ReminderName).Where(names.Contains));
        }

        Assert.Equal(names, found.Order(StringComparer.Ordinal));
        Assert.Superset(names.ToHashSet(), (await table.ReadRows(0, 0, Cancelled)).Reminders.Select(r => r.ReminderName).ToHashSet());
    }

    [Fact]
    public async Task A_reminder_that_changed_is_not_deleted_by_its_old_tag()
    {
        var table = silos.First.GetRequiredService<IReminderTable>();
        var entry = new ReminderEntry
        {
            GrainId = GrainId.Create("ring", $"{Guid.NewGuid():N}"),
            ReminderName = "tagged",
            StartAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1),
            Period = TimeSpan.FromHours(1),
        };
        var old = await table.UpsertRow(entry, Cancelled);
        var current = await table.UpsertRow(entry, Cancelled);

        Assert.False(await table.RemoveRow(entry.GrainId, entry.ReminderName, old!, Cancelled));
        Assert.Equal(entry.Period, (await table.ReadRow(entry.GrainId, entry.ReminderName, Cancelled))!.Period);
        Assert.True(await table.RemoveRow(entry.GrainId, entry.ReminderName, current!, Cancelled));
        Assert.Null(await table.ReadRow(entry.GrainId, entry.ReminderName, Cancelled));
    }
}
