using Kataven.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
