namespace Ledger.Projections.Webhooks;

/// <summary>Names that sort by the time they were made.</summary>
internal static class WebhookIds
{
    public static string NewSubscription() => New("wsub_");

    public static string NewDelivery() => New("msg_");

    private static string New(string prefix) => prefix + Convert.ToHexStringLower(Guid.CreateVersion7().ToByteArray(bigEndian: true));
}
