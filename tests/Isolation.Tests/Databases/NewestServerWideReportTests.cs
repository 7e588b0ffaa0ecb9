using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Databases;

[Collection("The newest server")]
public sealed class NewestServerWideReportTests(NewestService service) : ServerReportSuite(service);
