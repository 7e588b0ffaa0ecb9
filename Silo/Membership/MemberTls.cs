using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kataven.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Kataven.Membership;

/// <summary>Mutual TLS on the ports between the processes of a cluster: both sides show a certificate of the same authority, or there is no connection.</summary>
internal static class MemberTls
{
    public static void UseMemberTls(this ISiloBuilder silo, IConfiguration configuration)
    {
        if (TryAddCertificates(silo.Services, configuration))
        {
            silo.Services.AddOptions<SiloConnectionOptions>().Configure<MemberCertificates>((connections, certificates) =>
            {
                var tls = Options(certificates);
                connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(tls));
                connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(tls));
                connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(tls));
            });
        }
    }

    public static void UseMemberTls(this IClientBuilder client, IConfiguration configuration)
    {
        if (TryAddCertificates(client.Services, configuration))
        {
            client.Services.AddOptions<ClientConnectionOptions>().Configure<MemberCertificates>((connections, certificates) =>
            {
                var tls = Options(certificates);
                connections.ConfigureConnection(connection => connection.UseClientTls(tls));
            });
        }
    }

    private static bool TryAddCertificates(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<MemberCertificates>();
        return configuration.ReadSection<TlsSettings>(TlsSettings.Section).IsOn;
    }

    private static TlsOptions Options(MemberCertificates certificates) => new()
    {
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        // Asked for by Orleans; what is shown is decided below, at each connection.
        LocalCertificate = certificates.Current.Certificate,
        RemoteCertificateValidation = (other, _, errors) => certificates.Current.Accepts(other, errors),
        OnAuthenticateAsServer = (_, options) => Show((SslServerAuthenticationOptions)options.SslServerAuthenticationOptions, certificates.Current),
        OnAuthenticateAsClient = (_, options) => Show((SslClientAuthenticationOptions)options.SslClientAuthenticationOptions, certificates.Current),
    };

    private static void Show(SslServerAuthenticationOptions server, MemberCertificate member)
    {
        server.ServerCertificate = null;
        server.ServerCertificateSelectionCallback = null;
        server.ServerCertificateContext = member.Context;
        server.CertificateChainPolicy = member.Policy();
        // A resumed session would not show its certificate again.
        server.AllowTlsResume = false;
    }

    private static void Show(SslClientAuthenticationOptions client, MemberCertificate member)
    {
        client.ClientCertificates = null;
        client.ClientCertificateContext = member.Context;
        client.CertificateChainPolicy = member.Policy();
        client.TargetHost = "";
        client.AllowTlsResume = false;
    }
}
