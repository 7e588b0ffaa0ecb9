namespace Kataven.Silo.Tests.Clustering;

[GenerateSerializer, Alias("kataven.tests.note-state")]
public sealed class Note
{
    [Id(0)]
    public string? Text { get; set; }
}
