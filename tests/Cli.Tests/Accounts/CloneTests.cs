using Kataven.Cli.Tests.Operations;

namespace Kataven.Cli.Tests.Accounts;

public sealed class CloneTests
{
    [Theory]
    [InlineData("""{"account_id":"acme-test","account_name":"acme-test"}""")]
    [InlineData("""{"account_id":"acme-test","account_name":"Test of Acme"}""", "--name", "Test of Acme")]
    public async Task A_clone_is_named_after_its_slug_unless_it_has_a_name(string body, params string[] options)
    {
        var begun = OperationAnswers.Running("0.0", "clone");
        await using var server = await FrontDoorStub.StartAsync(202, begun);

        var run = await CliRun.AgainstAsync(server, ["clone", "acme", "acme-test", .. options]);

        Assert.Equal(new CliRun(0, begun + Environment.NewLine, ""), run);
        Assert.Equal(("POST /api/admin/accounts/acme/clones", body), (Assert.Single(server.Received).Line, server.Received[0].Body));
    }

    [Fact]
    public async Task A_clone_can_be_waited_for_and_can_fail()
    {
        await using var server = await RouteStub.StartAsync(
            ("POST /accounts/acme/clones", [OperationAnswers.Running("0.0", "clone")]),
            ("GET /operations/op-1", [OperationAnswers.Failed("""{"status":409,"code":"account_exists","detail":"There is one."}""")]));

        var run = await CliRun.AgainstAsync(server, "clone", "acme", "acme-test", "--wait");

        Assert.Equal((1, "account_exists: There is one."), (run.ExitCode, run.ErrorLines[^1]));
    }
}
