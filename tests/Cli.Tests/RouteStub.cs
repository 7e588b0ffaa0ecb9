using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Extensions;

namespace Kataven.Cli.Tests;

/// <summary>A server that knows some routes below <c>/api/admin</c>; each gives its answers one after the other, and the last one again and again.</summary>
internal static class RouteStub
{
    public static Task<FrontDoorStub> StartAsync(params (string Line, StubAnswer[] Answers)[] routes)
    {
        var asked = new ConcurrentDictionary<string, int>();
        return FrontDoorStub.StartAsync(context =>
        {
            var line = $"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()["/api/admin".Length..]}";
            var answers = routes.FirstOrDefault(route => route.Line == line).Answers ?? [StubAnswer.Refusal(404, "not_found")];
            var nth = asked.AddOrUpdate(line, 0, static (_, before) => before + 1);
            var answer = answers[Math.Min(nth, answers.Length - 1)];
            return FrontDoorStub.WriteAsync(context, answer.Status, answer.Body, answer.Type);
        });
    }
}
