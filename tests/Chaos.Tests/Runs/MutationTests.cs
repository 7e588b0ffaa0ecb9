using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Kataven.Chaos.Tests.Runs;

public sealed class MutationTests
{
    [Theory]
    [InlineData("Silo")]
    [InlineData("Api")]
    [InlineData("Standalone")]
    public void No_program_that_is_shipped_has_a_switch_for_bugs(string program)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        using var file = File.OpenRead(Path.Combine(here.Parent!.Parent!.FullName, program, here.Name, "Kataven.Grains.Interfaces.dll"));
        using var assembly = new PEReader(file);
        var metadata = assembly.GetMetadataReader();

        var types = metadata.TypeDefinitions.Select(type => metadata.GetString(metadata.GetTypeDefinition(type).Name)).ToList();

        Assert.Contains("ErrorCatalogue", types);
        Assert.DoesNotContain("Mutations", types);
    }
}
