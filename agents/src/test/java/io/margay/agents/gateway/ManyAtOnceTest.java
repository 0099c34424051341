package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.testkit.OneFlight;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls over mutual TLS that take long: none keeps another from being served. */
@Timeout(120)
class ManyAtOnceTest {
  /** More than the server has threads of its own. */
  private static final int CALLS = 24;

  /** Found by A2A's test kit: six streams on new connections, and nobody else was served. */
  @Test
  void callsThatComeWithTheEndOfTheirHandshakeTakeNoThreadFromOthers(@TempDir Path directory)
      throws Exception {
    CountDownLatch here = new CountDownLatch(CALLS);
    Door waiting =
        (exchange, _, _) -> {
          here.countDown();
          try {
            assertThat(here.await(30, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          exchange.sendText(200, "all are here", Map.of());
        };
    try (World world = new World(directory);
        Harness harness = new Harness((_, _) -> {});
        Upstream upstream = new Upstream();
        GatewayServer server = server(world, harness, upstream, waiting)) {
      server.start();
      URI uri = server.uri().resolve("/waiting/calls");
      SSLContext buyer = SpiffeTls.context(() -> world.agent("buyer"), svids(world));
      List<Socket> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(OneFlight.get(uri, buyer));
      }
      for (Socket call : calls) {
        byte[] status = call.getInputStream().readNBytes("HTTP/1.1 200".length());
        assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        call.close();
      }
    }
  }

  private static GatewayServer server(World world, Harness harness, Upstream upstream, Door door) {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(SpiffeTls.context(() -> world.agent("gateway"), svids(world)));
    tls.setWantClientAuth(true);
    CallGate gate = harness.gate(harness);
    Doors doors =
        harness
            .parts((_, _) -> Harness.caller("buyer"), (_, _, _) -> Optional.empty())
            .over(gate, new Forwarder(gate, upstream, InstantSource.system()));
    return new GatewayServer(
        new GatewayServer.Listen("127.0.0.1", 0, Optional.of(tls)), doors.with("waiting", door));
  }

  private static X509Svids svids(World world) {
    return new X509Svids(world.authority::bundles, world.clock);
  }
}
