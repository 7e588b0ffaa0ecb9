namespace Kataven.Grains.Queries;

/// <summary>Takes rows, value by value, in PostgreSQL's text form.</summary>
internal interface IRowSink
{
    /// <summary>Bytes that it holds.</summary>
    int Length { get; }

    /// <summary>Bytes up to the end of the last whole row.</summary>
    int WholeLength { get; }

    void BeginRow();

    void Value(int column, ReadOnlySpan<byte> text);

    void Null(int column);

    void EndRow();
}
