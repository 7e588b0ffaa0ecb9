using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kataven.Api.Hosting;

/// <summary>How answers other than rows are written.</summary>
internal static class ApiJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };
}
