// The stub portal for tests in .NET: with xUnit an IClassFixture<StubPortal>.
using System.Diagnostics;
using System.Net.Http;
using System.Net.Http.Json;
using System.Text.Json;

public sealed class StubPortal : IDisposable
{
    public const string Base = "http://127.0.0.1:8099";
    private readonly HttpClient http = new();
    private readonly Process process = Process.Start(new ProcessStartInfo("portal-mock", "serve --port 8099")
        { UseShellExecute = false, CreateNoWindow = true })!;

    public StubPortal()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            try { http.GetAsync($"{Base}/_portal/health").GetAwaiter().GetResult().EnsureSuccessStatusCode(); return; }
            catch (HttpRequestException) { Thread.Sleep(100); }
        }
        throw new InvalidOperationException("the stub portal did not start");
    }

    /// <summary>What a test called "books" finds: Records("books", "Appointments").</summary>
    public Task<JsonElement> Records(string test, string resource) =>
        http.GetFromJsonAsync<JsonElement>($"{Base}/t/{test}/_portal/records/{resource}");

    public void Dispose() { process.Kill(entireProcessTree: true); process.Dispose(); }
}
