using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Kataven.Testing;

/// <summary>A file system of few megabytes that a test has over a folder, in memory, where the machine lets it mount one.</summary>
public sealed class SmallDisk : IDisposable
{
    public const string Unavailable = "A file system cannot be mounted here: that takes root, and a machine that allows it.";

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Null where it cannot be mounted.</summary>
    public static SmallDisk? TryMount(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        return Run("mount", "-t", "tmpfs", "-o", Size(megabytes), "none", folder) ? new SmallDisk(folder) : null;
    }

    public void Grow(int megabytes)
    {
        if (!Run("mount", "-o", $"remount,{Size(megabytes)}", _folder))
        {
            throw new InvalidOperationException($"{_folder} did not get any larger.");
        }
    }

    /// <summary>Also where somebody has a file of it open.</summary>
    public void Dispose() => Run("umount", "--lazy", _folder);

    private static string Size(int megabytes) => string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");

    private static bool Run(params string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
