using Kataven.Accounts;

namespace Kataven.Api.Tenancy;

/// <summary>The account of a request, as the registry had it when the request was let in.</summary>
internal sealed record RequestAccount(AccountEntry Entry);
