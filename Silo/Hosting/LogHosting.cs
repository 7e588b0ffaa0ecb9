using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kataven.Hosting;

/// <summary>Where the log goes, and in which form.</summary>
internal static class LogHosting
{
    public static void AddLogSettings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LogSettings>().BindConfiguration(LogSettings.Section).ValidateOnStart();
        if (builder.Configuration.ReadSection<LogSettings>(LogSettings.Section).Json)
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                // Trace and span ids, by which a line is found from a problem's trace_id.
                json.IncludeScopes = true;
            });
        }
    }
}
