using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Databases;

[Collection("The newest server")]
public sealed class NewestServerReportTests(NewestService service) : ReportSuite(service);
