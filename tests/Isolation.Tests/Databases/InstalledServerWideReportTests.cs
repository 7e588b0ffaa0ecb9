using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Databases;

[Collection("The installed server")]
public sealed class InstalledServerWideReportTests(InstalledService service) : ServerReportSuite(service);
