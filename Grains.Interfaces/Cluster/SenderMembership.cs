using Orleans.Runtime;

namespace Kataven.Cluster;

/// <summary>
/// By which version of the cluster's membership the sender of a call knew the silos, beside the call. One that waited in a silo that froze is
/// handed on by Orleans when it wakes, after its sender was told that the silo is dead: such a call comes from before the loss.
/// </summary>
/// <remarks>In the context of the call and not among its parameters: silos of a version before do without it.</remarks>
public static class SenderMembership
{
    private const string Key = "kataven.members";

    /// <summary>
    /// Within a call: what came with it, or 0. What is called from there is sent by this silo, and not by who has called. An activation begins
    /// before its first call does, with what came with that: one that does anything which lasts takes it too.
    /// </summary>
    public static long Take()
    {
        if (RequestContext.Get(Key) is not long version)
        {
            return 0;
        }

        RequestContext.Remove(Key);
        return version;
    }

    /// <summary>Goes with each call that is made from here on.</summary>
    public static void Set(long version) => RequestContext.Set(Key, version);
}
