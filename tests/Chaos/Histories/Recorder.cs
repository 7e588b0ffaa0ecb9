using System.Collections.Concurrent;

namespace Kataven.Chaos.Histories;

/// <summary>Takes down what a run sees, from many threads.</summary>
internal sealed class Recorder(RunClock clock)
{
    private readonly ConcurrentQueue<Operation> _operations = new();
    private readonly ConcurrentDictionary<string, AccountLife> _lives = new();
    private readonly ConcurrentQueue<Disturbance> _disturbances = new();
    private readonly ConcurrentQueue<Inspection> _inspections = new();
    private readonly ConcurrentQueue<Replacement> _replacements = new();
    private readonly ConcurrentQueue<Suspension> _suspensions = new();
    private readonly ConcurrentQueue<LaneExcess> _excesses = new();
    private readonly ConcurrentQueue<Incident> _incidents = new();
    private long _number;

    public RunClock Clock => clock;

    public int Operations => _operations.Count;

    public int Disturbances => _disturbances.Count;

    /// <summary>In the order in which they were told.</summary>
    public IReadOnlyCollection<Incident> Incidents => _incidents;

    public long NextNumber() => Interlocked.Increment(ref _number);

    public void Add(Operation operation) => _operations.Enqueue(operation);

    public void Set(AccountLife life) => _lives[life.Life] = life;

    public void Add(Disturbance disturbance) => _disturbances.Enqueue(disturbance);

    public void Add(Inspection inspection) => _inspections.Enqueue(inspection);

    public void Add(Replacement replacement) => _replacements.Enqueue(replacement);

    public void Add(Suspension suspension) => _suspensions.Enqueue(suspension);

    public void Add(LaneExcess excess) => _excesses.Enqueue(excess);

    public void Incident(string what) => _incidents.Enqueue(new Incident(clock.Now, what));

    public History ToHistory() => new()
    {
        Operations = [.. _operations.OrderBy(operation => operation.Number)],
        Lives = [.. _lives.Values.OrderBy(life => life.Served)],
        Disturbances = [.. _disturbances.OrderBy(disturbance => disturbance.From)],
        Inspections = [.. _inspections.OrderBy(inspection => inspection.At)],
        Replacements = [.. _replacements.OrderBy(replacement => replacement.Closing)],
        Suspensions = [.. _suspensions.OrderBy(suspension => suspension.Asked)],
        Excesses = [.. _excesses],
        Incidents = [.. _incidents],
    };
}
