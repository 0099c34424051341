package io.margay.agents.identity.http;

import static io.margay.agents.identity.World.GATEWAY;
import static io.margay.agents.identity.World.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.call.Caller;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identities at the gateway's doors, over HTTP; the TLS session is put into the request. */
class GatewayIdentityTest {
  @TempDir private Path directory;
  private World world;
  private Server server;
  private volatile String agent = "support";

  @BeforeEach
  void begin() throws Exception {
    world = new World(directory);
    GatewayIdentity identity =
        new GatewayIdentity(
            new GatewayIdentity.Config(
                URI.create(GATEWAY),
                Optional.of(GATEWAY + "/.well-known/oauth-protected-resource"),
                target ->
                    target.startsWith("a2a/")
                        ? Optional.of(id(target.substring(4)).toString())
                        : Optional.empty(),
                () -> world.holder("gateway")),
            world.verifier,
            world.hopTokens,
            (grant, audience, token) -> {});
    server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Door(identity));
    server.start();
  }

  @AfterEach
  void end() throws Exception {
    server.stop();
    world.close();
  }

  /** Answers with the chain, and with the token that would go upstream. */
  private final class Door extends Handler.Abstract {
    private final GatewayIdentity identity;

    Door(GatewayIdentity identity) {
      this.identity = identity;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      request.setAttribute(EndPoint.SslSessionData.ATTRIBUTE, session());
      String target = request.getHttpURI().getPath().substring(1);
      String body;
      try {
        Caller caller = identity.identify(request, target);
        body =
            String.join(" ", caller.chain())
                + "\n"
                + identity.forUpstream(request, caller, target).orElseThrow();
      } catch (Refusal e) {
        response.setStatus(e.status());
        e.headers().forEach(response.getHeaders()::put);
        body = e.reason();
      }
      response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }

    private EndPoint.SslSessionData session() {
      X509Certificate[] certificates = world.agent(agent).chain().toArray(X509Certificate[]::new);
      return new EndPoint.SslSessionData() {
        @Override
        public SSLSession sslSession() {
          throw new UnsupportedOperationException();
        }

        @Override
        public String sslSessionId() {
          return "";
        }

        @Override
        public String cipherSuite() {
          return "";
        }

        @Override
        public X509Certificate[] peerCertificates() {
          return certificates;
        }
      };
    }
  }

  private HttpResponse<String> call(String target, String... authorizations) throws Exception {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + target));
    for (String authorization : authorizations) {
      request.header("Authorization", "Bearer " + authorization);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void aTaskGoesThroughTwoAgentsToATool() throws Exception {
    String[] first = call("a2a/planner", world.userToken()).body().split("\n");
    assertThat(first[0]).isEqualTo(id("support").toString());
    agent = "planner";
    String[] second = call("mcp/crm", first[1]).body().split("\n");
    assertThat(second[0]).isEqualTo(id("support") + " " + id("planner"));
    assertThat(world.hopTokens.verify(second[1]).audience()).containsExactly(GATEWAY + "/mcp/crm");
    assertThat(second[1]).isNotEqualTo(first[1]);
  }

  @Test
  void aRefusalSaysWhereToGetAToken() throws Exception {
    HttpResponse<String> response = call("mcp/crm", "rubbish");
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer error=\"invalid_token\", error_description=\"token: not a JWT")
        .endsWith("resource_metadata=\"" + GATEWAY + "/.well-known/oauth-protected-resource\"");
  }

  @Test
  void twoTokensAreNone() throws Exception {
    HttpResponse<String> response = call("mcp/crm", world.userToken(), world.userToken());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo("the header Authorization stands in the request twice");
  }
}
