using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Kataven.Hosting;

/// <summary>
/// Holds a section's text against the type that it is for: whether each value can be read, and is allowed by the property's
/// annotations. The framework tells one fault at a time, and none by the setting's name and value.
/// </summary>
internal static class SettingRules
{
    private static readonly string[] SecretNames = ["Password", "Secret", "System"];

    public static IEnumerable<string> Faults(Type type, IConfigurationSection section) => Faults(Activator.CreateInstance(type)!, section);

    private static IEnumerable<string> Faults(object defaults, IConfigurationSection section)
    {
        foreach (var property in defaults.GetType().GetProperties().Where(property => property is { CanRead: true, CanWrite: true }))
        {
            var setting = section.GetSection(property.Name);
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsGroup(type))
            {
                foreach (var fault in Faults(property.GetValue(defaults)!, setting))
                {
                    yield return fault;
                }
            }
            else if (IsValue(type) && Fault(property, type, setting, property.GetValue(defaults)) is { } fault)
            {
                yield return fault;
            }
        }
    }

    private static string? Fault(PropertyInfo property, Type type, IConfigurationSection setting, object? value)
    {
        var rules = property.GetCustomAttributes<ValidationAttribute>().ToArray();
        if (setting.Value is { } text && !TryRead(text, property.PropertyType, type, out value))
        {
            return $"{setting.Path} is {Shown(property, text)}, which is {WhatItIsNot(type)}. {Allowed(rules, type)}".TrimEnd();
        }

        if (Array.Find(rules, rule => !rule.IsValid(value)) is not { } broken)
        {
            return null;
        }

        return value is null or ""
            ? $"{setting.Path} is not set. {Allowed(rules, type)}".TrimEnd()
            : $"{setting.Path} is {Shown(property, setting.Value ?? value)}. {Allowed([broken], type)}".TrimEnd();
    }

    private static bool TryRead(string text, Type declared, Type type, out object? value)
    {
        value = null;
        if (text.Length == 0 && (declared != type || type == typeof(string)))
        {
            value = type == typeof(string) ? "" : null;
            return true;
        }

        try
        {
            value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    private static string Shown(PropertyInfo property, object value) => Array.Exists(SecretNames, property.Name.EndsWith)
        ? "set to something (not shown)"
        : string.Create(CultureInfo.InvariantCulture, $"\"{value}\"");

    private static string WhatItIsNot(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "no duration (such as 00:05:00)",
        _ when type == typeof(bool) => "neither true nor false",
        _ when type.IsEnum => "none of the choices",
        _ => "no whole number that fits",
    };

    private static string Allowed(ValidationAttribute[] rules, Type type) => string.Join(' ', rules.Select(Allowed).Append(
        type.IsEnum ? $"Allowed: {string.Join(", ", Enum.GetNames(type))}." : "").Where(sentence => sentence.Length > 0).Distinct());

    private static string Allowed(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"Allowed: {range.Minimum} to {range.Maximum}."),
        RegularExpressionAttribute pattern => $"Allowed: what matches {pattern.Pattern}.",
        RequiredAttribute => "It is required.",
        EnumDataTypeAttribute => "",
        _ => rule.FormatErrorMessage("It"),
    };

    private static bool IsGroup(Type type) =>
        type is { IsClass: true } && type.Assembly.GetName().Name!.StartsWith("Kataven.", StringComparison.Ordinal);

    private static bool IsValue(Type type) => type == typeof(string) || type == typeof(TimeSpan) || type.IsPrimitive || type.IsEnum;
}
