using System.Runtime.CompilerServices;
using System.Text;
using Kataven.Cli.Http;

namespace Kataven.Cli.Output;

/// <summary>Hands an answer on as it comes, piece by piece: memory stays flat, and what has come is seen at once.</summary>
internal static class AnswerStream
{
    private const int PieceSize = 16 * 1024;

    public static async Task CopyAsync(
        HttpResponseMessage response, CliConsole console, NdJsonEnd? end, CancellationToken cancellationToken)
    {
        var filter = console.OutIsTerminal ? new TerminalFilter() : null;
        var last = '\n';
        await foreach (var piece in PiecesAsync(response, cancellationToken))
        {
            end?.Read(piece.Span);
            last = piece.Span[^1];
            await console.Out.WriteAsync(filter is null ? piece : filter.Next(piece.Span).AsMemory(), cancellationToken);
            await console.Out.FlushAsync(cancellationToken);
        }

        if (last != '\n')
            await console.Out.WriteLineAsync();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<char>> PiecesAsync(
        HttpResponseMessage response,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var buffer = new char[PieceSize];
        while (await ReadAsync(reader, buffer, cancellationToken) is > 0 and var length)
            yield return buffer.AsMemory(0, length);
    }

    /// <summary>A fault of the network is told apart from one of standard output here, where both are IO exceptions.</summary>
    private static async ValueTask<int> ReadAsync(StreamReader reader, char[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(buffer.AsMemory(), cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException)
        {
            throw KatavenClient.BrokeOff();
        }
    }
}
