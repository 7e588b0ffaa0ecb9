using System.Globalization;
using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Deployment;

/// <summary>Whoever ends a process with SIGTERM has to wait until it has drained, or requests fail.</summary>
public sealed partial class DrainTests
{
    /// <summary>For the process to end when it has drained, and for what is slow on a busy machine.</summary>
    private const int Margin = 5;

    /// <summary>How long the host lets its services stop, as <c>Silo/SiloHosting.cs</c> has it and ASP.NET by default.</summary>
    private static int Drain => int.Parse(
        ShutdownTimeout().Match(Repository.File("Silo/SiloHosting.cs").Text).Groups[1].Value, CultureInfo.InvariantCulture);

    [Fact]
    public void Kubernetes_waits_until_a_process_has_drained() => Rule.Holds(
        "A pod's terminationGracePeriodSeconds is what preStop and the drain take, and a margin.",
        from manifest in Manifest.Members
        let preStop = manifest.Containers.SelectMany(container => container.At("lifecycle.preStop.exec.command.*")).Skip(1).Sum(node => Seconds(node.ToString()))
        let granted = Seconds(manifest.Pod.Text("terminationGracePeriodSeconds") ?? "0")
        where granted < preStop + Drain + Margin
        select $"{manifest.Place}: {granted} s, and {preStop + Drain + Margin} s are needed");

    [Fact]
    public void Compose_waits_until_a_process_has_drained() => Rule.Holds(
        "A service's stop_grace_period is what the drain takes, and a margin.",
        from service in Composition.Members
        let granted = Seconds(service.Value.Text("stop_grace_period")?.TrimEnd('s') ?? "0")
        where granted < Drain + Margin
        select $"{service.Key}: {granted} s, and {Drain + Margin} s are needed");

    private static int Seconds(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"ShutdownTimeout = TimeSpan\.FromSeconds\((\d+)\)")]
    private static partial Regex ShutdownTimeout();
}
