using Kataven.Grains.Housekeeping;
using Kataven.Grains.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>Making, keeping and restoring backups, without the grains that decide when.</summary>
internal static class BackupsHosting
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IBackupStore>(StoreOf);
        services.AddSingleton<PgTools>();
        services.AddSingleton<BackupRole>();
        services.AddSingleton<BackupArchive>();
        services.AddSingleton<BackupTable>();
        services.AddSingleton<DumpSlots>();
        services.AddSingleton<BackupMaker>();
        services.AddSingleton<IOperationWork, BackupWork>();
        services.AddSingleton<IOperationWork, DeletionWork>();
        services.AddSingleton<IHousekeeping, BackupSchedules>();
        services.AddSingleton<IHousekeeping, BackupRetention>();
        services.AddSingleton<IHousekeeping, StoreSweep>();
        return services;
    }

    private static IBackupStore StoreOf(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<BackupOptions>>();
        return string.IsNullOrEmpty(options.Value.S3.Bucket)
            ? ActivatorUtilities.CreateInstance<FolderStore>(provider)
            : ActivatorUtilities.CreateInstance<S3Store>(provider);
    }
}
