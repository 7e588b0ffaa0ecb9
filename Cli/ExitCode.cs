namespace Kataven.Cli;

/// <summary>How the process ends; scripts may rely on these (docs/CLI.md).</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The server refused (4xx): to send the same again does not help.</summary>
    public const int Refused = 1;

    public const int Usage = 2;

    /// <summary>The server could not be reached, broke off, or answered 5xx or 429: to try again may help.</summary>
    public const int Unavailable = 3;

    /// <summary>All was asked and answered, and what was looked at is not as it should be.</summary>
    public const int NotSound = 4;

    public const int Interrupted = 130;

    /// <summary>The reader of standard output is gone, as with <c>| head</c>: what a shell reports for SIGPIPE.</summary>
    public const int OutputClosed = 141;

    public static int OfStatus(int status) => status >= 500 || status == 429 ? Unavailable : Refused;
}
