namespace Kataven.Queries;

/// <summary>How a row stands in the answer.</summary>
[GenerateSerializer, Alias("kataven.RowMode")]
public enum RowMode
{
    Array,
    Object,
}
