using System.Text;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.FrontDoor;

/// <summary>Headers and lengths of which two programs might read different things.</summary>
public sealed class SmugglingTests(ServiceFixture service)
{
    private const string Sql = "select current_database()";

    public static TheoryData<string> Lines => new()
    {
        "X-Account-ID: {mine}\r\nX-Account-ID: {other}",
        "X-Account-ID: {other}\r\nX-Account-ID: {mine}",
        "X-Account-ID: {mine}\r\nx-account-id: {other}",
        "X-ACCOUNT-ID: {other}\r\nX-Account-ID: {mine}",
        "X-Account-ID: {mine}, {other}",
        "X-Account-ID: {mine},{mine}",
        "X-Account-ID: {mine}\r\n {other}",
        "X-Account-ID:\r\n\t{other}",
        "X-Account-ID : {other}",
        "X-Account-ID: {mine}\u00a0",
        "X-Account-ID: \u00a0{other}",
        "X-Account-ID: {mine}\u00e9",
        "X-Account-ID: \"{mine}\"",
        "X-Account-ID: {mine};q=1",
        "X-Account-ID: ",
        "X-Account-ID: {other}",
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task No_form_of_the_header_reaches_an_account_that_it_does_not_name_alone(string lines)
    {
        var (status, body) = await CallAsync(lines);

        Assert.InRange(status, 400, 403);
        Assert.DoesNotContain("rows", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-account-id: {mine}")]
    [InlineData("X-ACCOUNT-ID:{mine}")]
    [InlineData("X-Account-ID:  \t{mine} \t")]
    [InlineData("X_Account_ID: {other}")]
    [InlineData("X-Account: {other}")]
    [InlineData("X-Original-X-Account-ID: {other}")]
    public async Task Spaces_round_it_and_its_case_do_not_matter_and_other_names_are_other_headers(string lines)
    {
        var (status, body) = await CallAsync(lines);

        Assert.Equal(200, status);
        Assert.Contains($"[\"{await service.AccountOfAsync<SmugglingTests>()}\"]", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4", 2)]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked", 2)]
    [InlineData("Content-Length: 4\r\nContent-Length: 40", 1)]
    [InlineData("Transfer-Encoding: xchunked", 1)]
    [InlineData("Transfer-Encoding: chunked, identity", 1)]
    [InlineData("Transfer-Encoding : chunked", 1)]
    // Kestrel takes the sign, and keeps nothing by which it could still be refused. What follows has to show its own token.
    [InlineData("Content-Length: +4", 2)]
    [InlineData("Content-Length: 0x4", 1)]
    public async Task A_message_with_two_lengths_or_a_strange_one_ends_where_nobody_can_doubt_it(string lengths, int answersAtMost)
    {
        var account = await service.AccountOfAsync<SmugglingTests>();
        var head = $"POST /api/query HTTP/1.1\r\nHost: {service.Address.Authority}\r\nAuthorization: Bearer {await service.TokenAsync(account)}\r\n";
        var inner = $"{head}Connection: close\r\nContent-Type: application/json\r\nContent-Length: 35\r\n\r\n{{\"sql\":\"{Sql}\"}}";
        var answer = await RawCall.ExchangeAsync(
            service.Address, Encoding.Latin1.GetBytes($"{head}Content-Type: application/json\r\n{lengths}\r\n\r\n0\r\n\r\n{inner}"));

        Assert.DoesNotContain("HTTP/1.1 200", answer[..Math.Min(12, answer.Length)], StringComparison.Ordinal);
        Assert.InRange(answer.Split("HTTP/1.1 ").Length - 1, 1, answersAtMost);
    }

    [Theory]
    [InlineData(100, 413)]
    [InlineData(1_500, 413)]
    [InlineData(60, 200)]
    public async Task Header_lines_are_counted(int count, int expected)
    {
        var (status, body) = await CallAsync(string.Join("\r\n", Enumerable.Range(0, count).Select(i => $"X-Line-{i}: a")));

        Assert.Equal(expected, status);
        Assert.Equal(expected == 413, body.Contains("\"code\":\"request_too_large\"", StringComparison.Ordinal));
    }

    private async Task<(int Status, string Body)> CallAsync(string lines)
    {
        var (mine, other) = (await service.AccountOfAsync<SmugglingTests>(), await service.AccountOfAsync("SmugglingVictim"));
        return await RawCall.QueryAsync(
            service.Address,
            Sql,
            $"Authorization: Bearer {await service.TokenAsync(mine)}",
            lines.Replace("{mine}", mine, StringComparison.Ordinal).Replace("{other}", other, StringComparison.Ordinal));
    }
}
