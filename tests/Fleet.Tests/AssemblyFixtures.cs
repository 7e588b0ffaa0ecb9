using Kataven.Testing.Service;

[assembly: AssemblyFixture(typeof(ServiceFixture))]
