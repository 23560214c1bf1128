# The service and the `ledger` tool, on the ASP.NET Core runtime, without root.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Project files first: packages are restored again only when one of these changes, not with every line of code.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Ledger.Domain/*.csproj src/Ledger.Domain/
COPY src/Ledger.Proof/*.csproj src/Ledger.Proof/
COPY src/Ledger.EventStore/*.csproj src/Ledger.EventStore/
COPY src/Ledger.Projections/*.csproj src/Ledger.Projections/
COPY src/Ledger.Clients/*.csproj src/Ledger.Clients/
COPY src/Ledger.Api/*.csproj src/Ledger.Api/
COPY src/Ledger.Cli/*.csproj src/Ledger.Cli/
# Compiled to machine code here, the service starts without waiting for it.
ARG COMPILED="--use-current-runtime -p:PublishReadyToRun=true"
RUN dotnet restore src/Ledger.Api $COMPILED && dotnet restore src/Ledger.Cli $COMPILED
COPY .editorconfig ./
COPY src/ src/
RUN dotnet publish src/Ledger.Api --configuration Release --no-restore $COMPILED --self-contained false --output /app/service \
 && dotnet publish src/Ledger.Cli --configuration Release --no-restore $COMPILED --self-contained false --output /app/tool

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app/service
COPY eng/network.sh /app/
COPY --from=build /app/tool/ /app/tool/
COPY --from=build /app/service/ /app/service/
ENV ASPNETCORE_HTTP_PORTS=8080 \
    PATH=/app/tool:$PATH
EXPOSE 8080
# APP_UID: the unprivileged user the runtime image brings.
USER $APP_UID
# The image has bash, but neither curl nor wget; the chiseled variant has no shell and would need one more program for this.
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s --retries=5 \
  CMD ["bash", "-c", ". /app/network.sh && [ \"$(http_status 8080 /health/ready)\" = 200 ]"]
ENTRYPOINT ["dotnet", "Ledger.Api.dll"]
