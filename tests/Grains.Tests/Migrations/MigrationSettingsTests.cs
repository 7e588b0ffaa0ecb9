using Kataven.Grains.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tests.Migrations;

public sealed class MigrationSettingsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("kataven-root-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Without_the_default_folder_there_are_no_migrations() => Assert.Empty(Scripts());

    [Fact]
    public void The_default_folder_lies_below_the_content_root()
    {
        Directory.CreateDirectory(Path.Combine(_root, "migrations"));
        File.WriteAllText(Path.Combine(_root, "migrations", "V7__a.sql"), "SELECT 1");
        Assert.Equal(7, Assert.Single(Scripts()).Version);
    }

    [Fact]
    public void A_folder_that_was_set_has_to_be_there() => Assert.Contains(
        Path.Combine(_root, "migrations"),
        Assert.Single(Assert.Throws<OptionsValidationException>(() => Scripts(("Directory", "migrations"))).Failures),
        StringComparison.Ordinal);

    [Fact]
    public void All_that_is_wrong_is_told_together()
    {
        File.WriteAllText(Path.Combine(_root, "V1__a.sql"), "COMMIT");
        File.WriteAllText(Path.Combine(_root, "V1__b.sql"), "SELECT 1");
        var failures = Assert.Throws<OptionsValidationException>(() => Scripts(("Directory", _root), ("LockTimeout", "00:00:00"), ("StatementTimeout", "2.00:00:00"))).Failures.ToList();
        Assert.Equal(4, failures.Count);
        Assert.Contains(failures, failure => failure.Contains("LockTimeout", StringComparison.Ordinal));
    }

    private IReadOnlyList<MigrationScript> Scripts(params (string Name, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => $"Kataven:Migrations:{setting.Name}", setting => (string?)setting.Value)).Build());
        services.AddSingleton<IHostEnvironment>(new HostingEnvironment(_root));
        services.AddMigrations();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<MigrationScripts>().All;
    }

    private sealed class HostingEnvironment(string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = root;

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } = new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
