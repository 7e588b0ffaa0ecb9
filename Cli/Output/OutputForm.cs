namespace Kataven.Cli.Output;

internal enum OutputForm
{
    Table,
    Json,
    Csv,
    NdJson,
}
