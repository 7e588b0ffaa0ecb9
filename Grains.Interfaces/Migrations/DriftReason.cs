namespace Kataven.Migrations;

/// <summary>What became of a script after it had been applied.</summary>
[GenerateSerializer, Alias("kataven.DriftReason")]
public enum DriftReason
{
    /// <summary>Its text is another one.</summary>
    Changed,

    /// <summary>It is not there any more.</summary>
    Vanished,
}
