using CsCheck;
using Kataven.Grains.Idempotency;
using Kataven.Grains.Tests.Queries.Values;
using Kataven.Queries;

namespace Kataven.Grains.Tests.Idempotency;

public sealed class RequestHashTests
{
    private static readonly Gen<Parameter> AnyParameter = Gen.Select(Gen.Enum<ParameterKind>(), GenText.Any)
        .Select((kind, text) => new Parameter(kind, kind == ParameterKind.Null ? null : text));

    private static readonly Gen<Statement> AnyStatement = Gen.Select(GenText.Any, AnyParameter.Array[0, 4])
        .Select((sql, parameters) => new Statement(sql, [.. parameters]));

    private static readonly Gen<QueryOptions> AnyOptions = Gen.Select(Gen.Enum<RowMode>(), Gen.Enum<NumberMode>())
        .Select((rows, numbers) => new QueryOptions { RowMode = rows, Numbers = numbers });

    private static readonly Gen<TransactionRequest> AnyTransaction =
        Gen.Select(AnyStatement.Array[1, 4], Gen.Enum<TransactionIsolation>(), AnyOptions)
            .Select((statements, isolation, options) => new TransactionRequest(1, [.. statements], isolation, options));

    /// <summary>Whatever two requests are made of: one hash where they ask for the same, two where they do not.</summary>
    [Fact]
    public void Two_requests_have_one_hash_where_they_are_the_same() => Gen.Select(AnyTransaction, AnyTransaction).Sample(
        (one, other) => Assert.Equal(AreSame(one, other), RequestHash.Of(one).SequenceEqual(RequestHash.Of(other))), iter: 5_000);

    /// <summary>Where texts only stand elsewhere in the request, each is another one.</summary>
    [Fact]
    public void What_stands_where_counts() => Gen.Select(GenText.Any, GenText.Any, GenText.Any).Sample(
        (a, b, c) =>
        {
            Statement[][] forms =
            [
                [new(a, [Text(b), Text(c)])], [new(a, [Text(b + c)])], [new(a + b, [Text(c)])], [new(a, [Text(b)]), new(c, [])], [new(a, []), new(b, [Text(c)])],
                [new(a, [Text(b), new(ParameterKind.Null, null)])], [new(a, [Text(b), Text(c), Text("")])],
            ];
            var distinct = forms.Distinct(new SameStatements()).Count();
            Assert.Equal(distinct, forms.Select(form => Convert.ToHexString(RequestHash.Of(new TransactionRequest(1, [.. form], default, QueryOptions.Default)))).Distinct().Count());
        },
        iter: 2_000);

    [Fact]
    public void Neither_time_limit_nor_version_nor_what_stands_for_the_default_makes_another_request()
    {
        var statement = new Statement("select 1", []);
        var plain = RequestHash.Of(new QueryRequest(1, statement, QueryOptions.Default));

        Assert.Equal(plain, RequestHash.Of(new QueryRequest(2, statement, new QueryOptions { Timeout = TimeSpan.FromSeconds(1), ReadOnly = false, IdempotencyKey = "k" })));
        Assert.NotEqual(plain, RequestHash.Of(new TransactionRequest(1, [statement], default, QueryOptions.Default)));
    }

    /// <summary>Answers that another version has kept have to be found by this one.</summary>
    [Fact]
    public void Its_form_stays_as_it_is() => Assert.Equal(
        "951EB7ABD485FB3B97C2F182D3587A9B1F338AEEE69BA536EEF81E545AE8444E",
        Convert.ToHexString(RequestHash.Of(new QueryRequest(
            1, new Statement("select $1, $2", [Text("é"), new(ParameterKind.Null, null)]), new QueryOptions { RowMode = RowMode.Object }))));

    private static Parameter Text(string text) => new(ParameterKind.Scalar, text);

    private static bool AreSame(TransactionRequest one, TransactionRequest other) =>
        (one.Isolation, one.Options.RowMode, one.Options.Numbers) == (other.Isolation, other.Options.RowMode, other.Options.Numbers)
        && new SameStatements().Equals([.. one.Statements], [.. other.Statements]);

    private sealed class SameStatements : IEqualityComparer<Statement[]>
    {
        public bool Equals(Statement[]? x, Statement[]? y) => x!.Length == y!.Length
            && x.Zip(y).All(pair => pair.First.Sql == pair.Second.Sql && pair.First.Parameters.SequenceEqual(pair.Second.Parameters));

        public int GetHashCode(Statement[] statements) => statements.Length;
    }
}
