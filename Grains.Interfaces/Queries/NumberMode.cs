namespace Kataven.Queries;

/// <summary>How a number stands in the answer: as a JSON number, or as a string for clients whose numbers lose digits.</summary>
[GenerateSerializer, Alias("kataven.NumberMode")]
public enum NumberMode
{
    Number,
    String,
}
