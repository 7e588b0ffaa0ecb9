namespace Kataven.Grains.Tenants;

// How it leaves a silo that drains.
internal sealed partial class TenantPool
{
    private volatile bool _isDeparting;

    /// <summary>Its grain was told to go.</summary>
    public bool IsDeparting => _isDeparting;

    /// <summary>
    /// Has its grain go, which lets end what runs. Requests that come meanwhile wait for the next activation, so this is for a moment
    /// in which nothing runs long.
    /// </summary>
    public void Depart()
    {
        _isDeparting = true;
        Stopped?.Invoke();
    }
}
