using System.Collections.Immutable;
using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>A transaction while it is read.</summary>
internal sealed class TransactionBody : RequestOptions
{
    public ImmutableArray<Statement> Statements { get; set; }

    public TransactionIsolation Isolation { get; set; }
}
