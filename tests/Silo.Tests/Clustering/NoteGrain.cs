using Orleans.Runtime;

namespace Kataven.Silo.Tests.Clustering;

internal sealed class NoteGrain([PersistentState("note")] IPersistentState<Note> note) : Grain, INoteGrain, IRemindable
{
    public Task WriteAsync(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public async Task<string?> ReadAsync()
    {
        await note.ReadStateAsync();
        return note.RecordExists ? note.State.Text : null;
    }

    public Task ClearAsync() => note.ClearStateAsync();

    public Task RemindAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task<List<string>> RemindersAsync()
        => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName).Order(StringComparer.Ordinal)];

    public async Task ForgetAsync(string name)
        => await this.UnregisterReminder(await this.GetReminder(name) ?? throw new InvalidOperationException($"No reminder {name}."));

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
