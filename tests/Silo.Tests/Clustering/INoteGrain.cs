namespace Kataven.Silo.Tests.Clustering;

/// <summary>A grain that keeps a text and a reminder.</summary>
[Alias("kataven.tests.note")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("write")]
    Task WriteAsync(string text);

    /// <summary>What the store holds now, not what the activation remembers.</summary>
    [Alias("read")]
    Task<string?> ReadAsync();

    [Alias("clear")]
    Task ClearAsync();

    [Alias("remind")]
    Task RemindAsync(string name, TimeSpan period);

    [Alias("reminders")]
    Task<List<string>> RemindersAsync();

    [Alias("forget")]
    Task ForgetAsync(string name);
}
