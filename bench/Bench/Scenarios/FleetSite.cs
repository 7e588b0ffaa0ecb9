using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;

namespace Kataven.Bench.Scenarios;

/// <summary>The product with a folder of migrations and one of backups, started and stopped as the load needs it.</summary>
internal sealed class FleetSite : IAsyncDisposable
{
    /// <summary>Is asked while something is done to others.</summary>
    public const string Another = "bench-another";

    private readonly Product _product;
    private AdminClient? _admin;

    public FleetSite(Stage stage)
    {
        Stage = stage;
        Folder = Path.GetFullPath(Path.Combine("artifacts", "bench", "fleet"));
        Clear();
        Directory.CreateDirectory(Folder);
        Migrations = new MigrationFolder(Path.Combine(Folder, "migrations"));
        Settings = new()
        {
            ["Kataven__Migrations__Directory"] = Migrations.Path,
            ["Kataven__Backups__Directory"] = Path.Combine(Folder, "backups"),
            // Four accounts are migrated at a time while the others' connections fill the budget.
            ["Kataven__Connections__Reserve"] = "14",
        };
        _product = new Product(Settings);
    }

    public Stage Stage { get; }

    public Ground Ground => Stage.Ground;

    /// <summary>Removed at the end.</summary>
    public string Folder { get; }

    public MigrationFolder Migrations { get; }

    /// <summary>Of the product, as the environment gives them, from its next start on.</summary>
    public Dictionary<string, string> Settings { get; }

    public Product Product => _product;

    /// <summary>The accounts, but for <see cref="Another"/> and those that operations are about.</summary>
    public IReadOnlyList<string> Accounts => [.. Enumerable.Range(0, Stage.Plan.FleetAccounts).Select(Fleet.NameOf)];

    public AdminClient Admin => _admin ?? throw new InvalidOperationException("The product was not started.");

    public async Task StartAsync(CancellationToken cancellation)
    {
        await StopAsync();
        await _product.StartAsync(Ground, cancellation);
        _admin = await AdminClient.OpenAsync(_product.Address, cancellation);
    }

    public async Task KillAsync(CancellationToken cancellation)
    {
        await _product.KillAsync(cancellation);
        await StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Clear();
    }

    private async Task StopAsync()
    {
        _admin?.Dispose();
        _admin = null;
        await _product.DisposeAsync();
    }

    private void Clear()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
