package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.World;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents whose HTTP proxy is the gateway: the bytes that such clients send, over mutual TLS. */
class ForwardProxyTest {
  private static final String LOOKUP =
      """
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup",\
      "arguments":{"customer":"c-1"}}}\
      """;

  @TempDir private Path directory;
  private Harness harness;
  private World world;
  private SecuredGateway gateway;

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((_, exchange) ->
            Backend.json(
                exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}"));
    world = new World(directory);
    gateway = new SecuredGateway(harness, world);
  }

  @AfterEach
  void stop() {
    gateway.close();
    world.close();
    harness.close();
  }

  /** Sends a request as the agent {@code support}, and gives all that comes back. */
  private String send(String line, String host, String headers, String body) throws IOException {
    try (Socket socket =
        SpiffeTls.context(() -> world.agent("support"), gateway.svids)
            .getSocketFactory()
            .createSocket("127.0.0.1", gateway.address().getPort())) {
      socket.setSoTimeout(60_000);
      String request =
          "%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s%s\r\n%s"
              .formatted(
                  line,
                  host,
                  headers,
                  body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n",
                  body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private AgentCall decided() {
    assertThat(harness.decided).hasSize(1);
    return harness.decided.getFirst();
  }

  @Test
  void aToolIsCalledByItsOwnAddress() throws Exception {
    String user = "Authorization: Bearer " + world.userToken() + "\r\nProxy-Connection: x\r\n";
    String answer = send("POST http://crm.test/mcp", "crm.test", user, LOOKUP);
    assertThat(answer).startsWith("HTTP/1.1 200").contains("\"result\"");
    assertThat(decided().target()).isEqualTo(new Target(Target.Kind.TOOL, "crm", "lookup"));
    assertThat(decided().caller().workload()).isEqualTo(World.id("support").toString());
    assertThat(decided().caller().user()).isPresent();
    assertThat(harness.backend.received())
        .singleElement()
        .satisfies(received -> assertThat(received.header("Proxy-Connection")).isEmpty());
  }

  @Test
  void policiesDecideAsEver() throws Exception {
    harness.rule = _ -> Harness.deny("not today");
    String answer = send("POST http://CRM.test:80/mcp", "CRM.test:80", "", LOOKUP);
    assertThat(answer).contains("not today").contains("p-deny");
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void aProviderAtHttpsIsCalledAsTheRegistrySays() throws Exception {
    String chat = "{\"model\":\"small\",\"max_tokens\":5,\"messages\":[]}";
    send("POST http://models.test/v1/chat/completions", "models.test", "", chat);
    assertThat(decided().target()).isEqualTo(new Target(Target.Kind.MODEL, "models", "small"));
  }

  @Test
  void theCardOfAnAgentNamesTheAddressThatItsClientKnows() throws Exception {
    String card = "/.well-known/agent-card.json";
    String answer = send("GET http://planner.test" + card, "planner.test", "", "");
    assertThat(answer).startsWith("HTTP/1.1 200").contains("\"http://planner.test");
    assertThat(decided().target()).isEqualTo(new Target(Target.Kind.AGENT, "planner", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.test/mcp",
        "http://crm.test/mcp/",
        "http://crm.test/mcp/../mcp",
        "http://crm.test/other",
        "http://crm.test:8080/mcp",
        "http://planner.test.evil.test/",
        "http://gateway.test/mcp/crm",
        "http://twice.test/mcp"
      })
  void allOtherAddressesAreDeniedAndRecorded(String address) throws Exception {
    String answer = send("POST " + address, URI.create(address).getRawAuthority(), "", LOOKUP);
    assertThat(answer).startsWith("HTTP/1.1 4");
    assertThat(harness.backend.received()).isEmpty();
    if (!address.contains("..")) {
      assertThat(answer).startsWith("HTTP/1.1 403").contains("audit record 1");
      assertThat(decided().target())
          .isEqualTo(new Target(Target.Kind.ADDRESS, URI.create(address).getRawAuthority(), ""));
    }
  }

  @ParameterizedTest
  @CsvSource({"models.test:443, https://gateway.test/llm/models", "evil.test:443, /mcp/NAME"})
  void aTunnelIsRefusedWithTheAddressToSetInstead(String authority, String base) throws Exception {
    String answer = send("CONNECT " + authority, authority, "", "");
    assertThat(answer).startsWith("HTTP/1.1 405").contains(base).contains("audit record 1");
    assertThat(decided().target()).isEqualTo(new Target(Target.Kind.ADDRESS, authority, ""));
  }

  @Test
  void theHostHasToAgreeWithTheAddress() throws Exception {
    String answer = send("POST http://crm.test/mcp", "other.test", "", LOOKUP);
    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(harness.decided).isEmpty();
  }

  @Test
  void aForgedUserTokenIsNotTaken() throws Exception {
    String forged = "Authorization: Bearer a.b.c\r\n";
    assertThat(send("POST http://crm.test/mcp", "crm.test", forged, LOOKUP))
        .startsWith("HTTP/1.1 401");
    assertThat(send("POST http://evil.test/mcp", "evil.test", forged, LOOKUP))
        .startsWith("HTTP/1.1 401");
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void withoutARecordThereIsNotEvenADenial() throws Exception {
    harness.diskFull = true;
    assertThat(send("POST http://evil.test/mcp", "evil.test", "", LOOKUP))
        .startsWith("HTTP/1.1 503");
  }

  @Test
  void whatIsThereMayChange() {
    Addresses none = new Addresses(List.of());
    assertThat(none.places(URI.create("http://crm.test/mcp"))).isEmpty();
    assertThat(none.behind("crm.test:443")).isEmpty();
  }
}
