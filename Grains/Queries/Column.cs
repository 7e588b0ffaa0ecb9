using Kataven.Grains.Queries.Values;

namespace Kataven.Grains.Queries;

/// <summary>A column of a result.</summary>
/// <param name="Name">Its name, which need not be unique.</param>
/// <param name="TypeName">What <c>format_type</c> prints.</param>
/// <param name="Type">How its values are rendered.</param>
internal sealed record Column(string Name, string TypeName, PgType Type);
