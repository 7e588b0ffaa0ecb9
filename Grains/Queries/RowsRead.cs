namespace Kataven.Grains.Queries;

/// <summary>How reading rows ended.</summary>
internal enum RowsRead
{
    /// <summary>There are none left.</summary>
    All,

    /// <summary>The sink holds what it should; there may be more.</summary>
    More,

    /// <summary>They are longer than the limit.</summary>
    TooLarge,
}
