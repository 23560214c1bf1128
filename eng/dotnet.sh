# The .NET SDK: the one thing a machine has to bring. Sourced; needs console.sh.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

require_dotnet() {
  command -v dotnet >/dev/null || fail "The .NET SDK is missing: see https://dotnet.microsoft.com/download (version in global.json)."
}
