using System.Text;
using Kataven.Grains.Queries.Text;

namespace Kataven.Grains.Migrations;

/// <summary>
/// What PostgreSQL writes of an expression is read by it into another one than that which it has written: a cast of a list becomes one of
/// each of its values, and an AND in an AND becomes one of three. So what a dump has restored reads otherwise than before. Reduced to what
/// is the same in both it can be compared: without casts, space, and brackets that change nothing.
/// </summary>
internal static class DeparsedText
{
    /// <summary>Nothing is done by recursion: how deep brackets are nested is for the account to say.</summary>
    public static string Reduce(string text)
    {
        var (open, tokens) = (new Stack<Group>(), DeparsedToken.Of(text));
        var group = new Group(default);
        for (var at = 0; at < tokens.Count; at++)
        {
            if (DeparsedToken.EndOfCast(tokens, at) is var end && end > at)
            {
                at = end - 1;
                continue;
            }

            var token = tokens[at];
            if (token.Kind == SqlTokenKind.Symbol && token.Text is "(" or "[")
            {
                open.Push(group);
                group = new Group(token);
            }
            else if (token.Kind == SqlTokenKind.Symbol && token.Text is ")" or "]" && open.Count > 0)
            {
                var outer = open.Pop();
                group.CloseInto(outer);
                group = outer;
            }
            else
            {
                group.Items.Add(new Item(token, null));
            }
        }

        while (open.TryPop(out var outer))
        {
            group.CloseInto(outer);
            group = outer;
        }

        return Write(group);
    }

    private static string Write(Group root)
    {
        var text = new StringBuilder();
        var left = new Stack<(Group Group, int Next)>([(root, 0)]);
        while (left.TryPop(out var place))
        {
            var (group, next) = place;
            if (next == group.Items.Count)
            {
                text.Append(group.Open.Text switch { "(" => ") ", "[" => "] ", _ => "" });
                continue;
            }

            left.Push((group, next + 1));
            var item = group.Items[next];
            text.Append(item.Token.Text).Append(' ');
            if (item.Group is { } inner)
            {
                left.Push((inner, 0));
            }
        }

        return text.ToString();
    }

    /// <param name="Token">The token, or the bracket that opens the group.</param>
    /// <param name="Group">What is in the brackets.</param>
    private readonly record struct Item(DeparsedToken Token, Group? Group);

    private sealed class Group(DeparsedToken open)
    {
        /// <summary><c>AND</c> or <c>OR</c> where it connects by one of them alone.</summary>
        private string? _connector;

        public DeparsedToken Open { get; } = open;

        public List<Item> Items { get; private set; } = [];

        public void CloseInto(Group outer)
        {
            Flatten();
            // What is one value needs no brackets, but those of a call are the call's. The first in brackets has none before it.
            if (Open.Is("(") && Items.Count > 0 && !(Open.IsGlued && outer.Items.Count > 0) && Items.Skip(1).All(item => item.Token.IsGlued))
            {
                outer.Items.Add(Items[0] with { Token = Items[0].Token with { IsGlued = Open.IsGlued } });
                outer.Items.AddRange(Items.Skip(1));
            }
            else
            {
                outer.Items.Add(new Item(Open, this));
            }
        }

        /// <summary><c>(a AND b) AND c</c> is <c>a AND b AND c</c>.</summary>
        private void Flatten()
        {
            var words = Items.Where(item => item.Token is { Kind: SqlTokenKind.Word, Text: "AND" or "OR" }).Select(item => item.Token.Text).Distinct().ToList();
            _connector = words.Count == 1 ? words[0] : null;
            if (_connector is null || !Items.Any(item => item.Group?._connector == _connector))
            {
                return;
            }

            var flat = new List<Item>();
            for (var at = 0; at < Items.Count; at++)
            {
                if (Items[at] is { Group: { Open.Text: "(" } inner } && inner._connector == _connector && IsConnector(at - 1) && IsConnector(at + 1))
                {
                    flat.AddRange(inner.Items);
                }
                else
                {
                    flat.Add(Items[at]);
                }
            }

            Items = flat;
        }

        /// <summary>Or the group's end.</summary>
        private bool IsConnector(int at) => at < 0 || at >= Items.Count || Items[at].Token is { Kind: SqlTokenKind.Word } token && token.Text == _connector;
    }
}
