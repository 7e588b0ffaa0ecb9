# Two images from one build: a silo (docker build --target silo) and a front door (--target front).
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The packages are a layer of their own: it is made again only when a reference changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Grains.Interfaces/Grains.Interfaces.csproj Grains.Interfaces/packages.lock.json Grains.Interfaces/
COPY Grains/Grains.csproj Grains/packages.lock.json Grains/
COPY Silo/Silo.csproj Silo/packages.lock.json Silo/
COPY Api/Api.csproj Api/packages.lock.json Api/
RUN dotnet restore Silo/Silo.csproj --locked-mode && dotnet restore Api/Api.csproj --locked-mode

COPY .editorconfig BannedSymbols.txt ./
COPY Grains.Interfaces/ Grains.Interfaces/
COPY Grains/ Grains/
COPY Silo/ Silo/
COPY Api/ Api/
RUN dotnet publish Silo/Silo.csproj -c Release --no-restore -p:UseAppHost=false -o /out/silo \
 && dotnet publish Api/Api.csproj -c Release --no-restore -p:UseAppHost=false -o /out/front

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
WORKDIR /app
# The image has neither curl nor wget: what asks the process inside is written in bash.
COPY --chmod=755 deploy/healthy deploy/token /usr/local/bin/
# The unprivileged user that the image brings.
USER $APP_UID

# A silo makes and restores backups with PostgreSQL's own programs, of the server's major version, and Alpine has each of them.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-alpine AS silo
WORKDIR /app
RUN apk add --no-cache bash postgresql17-client && mkdir /backups && chown $APP_UID /backups
COPY --chmod=755 deploy/healthy /usr/local/bin/
USER $APP_UID
COPY --from=build /out/silo ./
EXPOSE 11111
ENTRYPOINT ["dotnet", "Kataven.Silo.dll"]

FROM runtime AS front
COPY --from=build /out/front ./
EXPOSE 8080
ENTRYPOINT ["dotnet", "Kataven.Api.dll"]
