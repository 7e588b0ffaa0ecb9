using System.Globalization;

namespace Kataven.Bench.Measuring;

/// <summary>What Linux counts about a process and its children, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>Fields of <c>/proc/PID/stat</c> behind the name, which may itself have spaces: state is the first.</summary>
    private const int Parent = 1;
    private const int UserTime = 11;
    private const int EndedChildrensSystemTime = 14;

    /// <summary>Of <c>/proc/stat</c>; the time waited for disks stands behind it.</summary>
    private const int Idle = 3;

    /// <summary>USER_HZ, which is 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of the processes and all below them, children that have ended and were waited for included.</summary>
    public static double CpuSeconds(IEnumerable<int> roots)
    {
        var processes = All();
        var children = processes.ToLookup(process => (int)process.Value[Parent], process => process.Key);
        var (ticks, open, seen) = (0L, new Stack<int>(roots), new HashSet<int>());
        while (open.TryPop(out var id))
        {
            if (seen.Add(id) && processes.TryGetValue(id, out var stat))
            {
                ticks += stat[UserTime..(EndedChildrensSystemTime + 1)].Sum();
            }

            foreach (var child in children[id])
            {
                open.Push(child);
            }
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>Processor time that the whole machine has spent, and that a host of it kept for itself.</summary>
    public static double MachineSeconds()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[Idle] - ticks[Idle + 1]) / TicksPerSecond;
    }

    /// <summary>Memory that is resident now: of one that has ended, none.</summary>
    public static long ResidentBytes(IEnumerable<int> ids) => ids.Sum(ResidentBytes);

    private static long ResidentBytes(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            return 0;
        }
    }

    private static Dictionary<int, long[]> All()
    {
        var processes = new Dictionary<int, long[]>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Read(folder) is { } stat)
            {
                processes[id] = stat;
            }
        }

        return processes;
    }

    private static long[]? Read(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return [0, .. fields[Parent..(EndedChildrensSystemTime + 1)].Select(field => long.Parse(field, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            // It has ended since the folder was listed.
            return null;
        }
    }
}
