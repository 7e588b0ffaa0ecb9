using System.Runtime.InteropServices;

namespace Kataven.Postgres.Embedded;

/// <summary>The signals that PostgreSQL gives a meaning to; .NET can only kill.</summary>
internal static partial class Signal
{
    /// <summary>Fast shutdown: sessions are ended, data is written.</summary>
    public const int Interrupt = 2;

    /// <summary>Immediate shutdown: the next start recovers.</summary>
    public const int Quit = 3;

    public const int Kill = 9;

    /// <summary>False when there is no such process any more.</summary>
    public static bool Send(int pid, int signal) => SendToProcess(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendToProcess(int pid, int signal);
}
