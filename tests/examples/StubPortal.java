// The stub portal for tests in Java 11 or newer: call it from @BeforeAll and @AfterAll.
import java.net.URI;
import java.net.http.*;

public final class StubPortal implements AutoCloseable {
    public final String base = "http://127.0.0.1:8099";
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;

    public StubPortal() throws Exception {
        process = new ProcessBuilder("portal-mock", "serve", "--port", "8099")
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        for (int tries = 0; tries < 100; tries++) {
            try {
                if (call("GET", "/_portal/health").statusCode() == 200) return;
            } catch (java.io.IOException notYet) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("the stub portal did not start");
    }

    /** For example call("GET", "/t/books/_portal/records/Appointments") in the test called "books". */
    public HttpResponse<String> call(String method, String route) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + route))
            .method(method, HttpRequest.BodyPublishers.noBody()).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override public void close() { process.destroy(); }
}
