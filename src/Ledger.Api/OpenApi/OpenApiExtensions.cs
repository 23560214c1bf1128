using Microsoft.OpenApi;

namespace Ledger.Api.OpenApi;

/// <summary>Serves the documents at <c>/swagger/{document}/swagger.json</c> and a page to try them at <c>/swagger</c>.</summary>
public static class OpenApiExtensions
{
    internal const string OAuth2 = "oauth2";
    internal const string ApiKey = "api_key";

    public static IServiceCollection AddLedgerDocuments(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer().AddSingleton<ErrorExamples>();
        return services.AddSwaggerGen(options =>
        {
            foreach (var document in ApiDocuments.All)
                options.SwaggerDoc(document.Name, new OpenApiInfo { Title = document.Title, Version = "v1", Description = document.Description, License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" } });
            options.DocInclusionPredicate((document, api) => api.GroupName is null || api.GroupName == document);
            options.AddSecurityDefinition(OAuth2, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OAuth2,
                Flows = new OpenApiOAuthFlows { ClientCredentials = new OpenApiOAuthFlow { TokenUrl = new Uri("/oauth2/token", UriKind.Relative), Scopes = Security.ScopeAliases.Names.ToDictionary(name => name, _ => "") } },
            });
            options.AddSecurityDefinition(ApiKey, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "The API key as user name, no password." });
            options.OperationFilter<OperationByExample>();
        });
    }

    /// <summary>Goes before security: the documents hold nothing secret.</summary>
    public static IApplicationBuilder UseLedgerDocuments(this IApplicationBuilder app)
    {
        app.UseSwagger(options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        return app.UseSwaggerUI(options =>
        {
            options.DocumentTitle = "Export Ledger";
            foreach (var document in ApiDocuments.All) options.SwaggerEndpoint($"/swagger/{document.Name}/swagger.json", document.Title);
        });
    }
}
