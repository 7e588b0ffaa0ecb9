using Microsoft.Extensions.Configuration;

namespace Kataven.Hosting;

/// <summary>Reads settings before the options are there. What is wrong with one is told by <see cref="SettingCheck"/>, with all others.</summary>
internal static class SettingReader
{
    /// <summary>A section, or its defaults where a value in it cannot be read.</summary>
    public static T ReadSection<T>(this IConfiguration configuration, string section)
        where T : new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException)
        {
            return new T();
        }
    }

    /// <summary>
    /// A list: a section with a value each (<c>…:0</c>, <c>…:1</c>), or one text with commas, semicolons or spaces, which is easier
    /// to write into an environment variable. Null where it is not set at all.
    /// </summary>
    public static IReadOnlyList<string>? ReadList(this IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);
        var children = section.GetChildren().Select(child => child.Value).OfType<string>().ToArray();
        return children.Length > 0
            ? children
            : section.Value?.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
