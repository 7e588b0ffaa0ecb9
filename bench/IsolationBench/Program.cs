using System.Globalization;
using Kataven.IsolationBench;

var repeats = args is ["--repeats", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 41;
var service = new BenchService();
await service.InitializeAsync();
try
{
    Console.WriteLine($"PostgreSQL {service.ServerMajor}, {Environment.ProcessorCount} processors; medians, in brackets the middle half; with and without by turns.");
    Console.WriteLine("| what | with | without | difference | | repeats |");
    Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
    Console.WriteLine((await LaneOpening.MeasureAsync(service, 5 * repeats)).Row("a connection, with the identity check and without"));
    var reads = new PointReads(service);
    await reads.PrepareAsync();
    Console.WriteLine((await reads.InPostgresAsync(repeats)).Row("point reads in PostgreSQL, closed database and open one"));
    Console.WriteLine((await reads.ThroughTheServiceAsync(repeats)).Row("point reads through the service, closed database and open one"));
    Console.WriteLine((await Provisioning.MeasureAsync(service, repeats)).Row("an account, against CREATE ROLE, CREATE DATABASE, REVOKE"));
}
finally
{
    await service.DisposeAsync();
}
