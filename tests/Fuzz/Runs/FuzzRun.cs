using System.Collections.Concurrent;
using System.Diagnostics;
using Kataven.Fuzz.Cases;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Runs;

/// <summary>Sends cases of consecutive seeds over several connections, and judges what comes back.</summary>
internal sealed class FuzzRun(FuzzTarget target, Actors actors)
{
    private const int FindingsAtMost = 50;

    /// <summary>Longer than any statement may take, the wait for a lane included.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    private readonly CaseFactory _factory = new(actors);
    private readonly Judge _judge = new(actors);
    private readonly ConcurrentQueue<Finding> _findings = new();
    private readonly ConcurrentDictionary<string, int> _answers = new();
    private readonly ConcurrentDictionary<CaseKind, int> _kinds = new();
    private ulong _next;
    private long _done;

    public IReadOnlyCollection<Finding> Findings => _findings;

    /// <summary>How often each answer came.</summary>
    public IEnumerable<(string Answer, int Count)> Answers => _answers.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));

    /// <summary>How many cases of each kind were sent, also those that nobody waited for an answer to.</summary>
    public IEnumerable<(CaseKind Kind, int Count)> Kinds => _kinds.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));

    public long Done => Volatile.Read(ref _done);

    /// <param name="seed">That of the first case.</param>
    /// <param name="cases">At most so many.</param>
    /// <param name="parallel">Cases under way at once.</param>
    /// <param name="within">No case begins after it.</param>
    public async Task RunAsync(ulong seed, long cases, int parallel, TimeSpan within)
    {
        _next = seed;
        var (end, begun) = (seed + (ulong)cases, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => Task.Run(() => WorkAsync(end, begun, within))));
    }

    private async Task WorkAsync(ulong end, long begun, TimeSpan within)
    {
        RawConnection? connection = null;
        while (_findings.Count < FindingsAtMost && Stopwatch.GetElapsedTime(begun) < within)
        {
            var seed = Interlocked.Increment(ref _next) - 1;
            if (seed >= end)
            {
                break;
            }

            var made = _factory.Make(seed);
            connection = await TryAsync(made, connection);
            _kinds.AddOrUpdate(made.Kind, 1, static (_, count) => count + 1);
            Interlocked.Increment(ref _done);
        }

        connection?.Dispose();
    }

    private async Task<RawConnection?> TryAsync(FuzzCase fuzzCase, RawConnection? connection)
    {
        using var limit = new CancellationTokenSource(AnswerWithin);
        try
        {
            connection ??= await RawConnection.OpenAsync(target.EndPoint, limit.Token);
            if (await SendAsync(fuzzCase, connection, limit.Token))
            {
                return connection;
            }
        }
        catch (OperationCanceledException)
        {
            _findings.Enqueue(new Finding(fuzzCase, $"no answer within {AnswerWithin.TotalSeconds} s"));
        }
        catch (Exception exception) when (exception is FormatException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            _findings.Enqueue(new Finding(fuzzCase, "the answer is no HTTP"));
        }

        connection?.Dispose();
        return null;
    }

    /// <summary>True where the connection can carry another case.</summary>
    private async Task<bool> SendAsync(FuzzCase fuzzCase, RawConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.SendAsync(fuzzCase.Bytes, fuzzCase.StopsSending, cancellation);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server has answered before it had everything, and closed.
        }

        var isHead = fuzzCase.Bytes.AsSpan().StartsWith("HEAD "u8);
        for (var i = 0; i < fuzzCase.Answers || fuzzCase.StopsSending; i++)
        {
            var answer = await connection.ReadAsync(isHead, cancellation);
            if (answer is null)
            {
                if (i < fuzzCase.Answers && !fuzzCase.MayBeNoHttp)
                {
                    _findings.Enqueue(new Finding(fuzzCase, $"the connection ended instead of answer {i + 1}"));
                }

                return false;
            }

            Take(fuzzCase, answer);
            if (answer.Closes || !answer.IsWhole)
            {
                return false;
            }
        }

        return !fuzzCase.SpoilsConnection;
    }

    private void Take(FuzzCase fuzzCase, RawAnswer answer)
    {
        _answers.AddOrUpdate($"{fuzzCase.Kind} {answer.Status} {answer.Code}".TrimEnd(), 1, static (_, count) => count + 1);
        if (_judge.FaultOf(fuzzCase, answer) is { } fault)
        {
            var text = answer.ToString();
            _findings.Enqueue(new Finding(fuzzCase, $"{fault}: {(text.Length > 800 ? text[..800] : text)}"));
        }
    }
}
