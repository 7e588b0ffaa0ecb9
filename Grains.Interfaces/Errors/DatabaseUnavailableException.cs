namespace Kataven.Errors;

/// <summary>
/// The system database could not be used by a grain. Exceptions of the database driver are lost on their way through
/// the cluster; this one crosses it.
/// </summary>
[GenerateSerializer, Alias("kataven.DatabaseUnavailableException")]
public sealed class DatabaseUnavailableException : Exception
{
    public DatabaseUnavailableException()
        : base("The system database could not be used.")
    {
    }

    public DatabaseUnavailableException(string message)
        : base(message)
    {
    }

    public DatabaseUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
