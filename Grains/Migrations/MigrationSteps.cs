using System.Globalization;

namespace Kataven.Grains.Migrations;

/// <summary>Tells each step of a run before it is done, to whoever asked for the run.</summary>
/// <param name="tell">Gets a step's name and how much of the whole is done, 0 to 1; it is waited for.</param>
/// <param name="scripts">How many scripts the run has.</param>
internal sealed class MigrationSteps(Func<string, double, Task> tell, int scripts)
{
    private const int StepsOfScript = 4;

    private int _done;

    public Task RunAsync(MigrationScript script) => TellAsync("run", script, 0);

    public Task IntentAsync(MigrationScript script) => TellAsync("intent", script, 1);

    public Task CommitAsync(MigrationScript script) => TellAsync("commit", script, 2);

    public Task RecordAsync(MigrationScript script) => TellAsync("record", script, 3);

    public void Finished() => _done++;

    private Task TellAsync(string step, MigrationScript script, int index) => tell(
        string.Create(CultureInfo.InvariantCulture, $"migrate.{step}:{script.Version}"),
        (_done + ((double)index / StepsOfScript)) / Math.Max(scripts, 1));
}
