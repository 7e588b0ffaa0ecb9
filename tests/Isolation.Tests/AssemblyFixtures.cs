using Kataven.Isolation.Tests.Servers;

[assembly: AssemblyFixture(typeof(InstalledService))]
[assembly: AssemblyFixture(typeof(NewestService))]
