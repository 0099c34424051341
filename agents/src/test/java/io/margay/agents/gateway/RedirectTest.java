package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Target;
import io.margay.agents.identity.World;
import io.margay.agents.redirect.GatewayAddress;
import io.margay.agents.redirect.Redirect;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.RouteSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An agent in a namespace, with a veth to a server that it could call, and the redirect between
 * them. Real packets: the server has to see none of them.
 */
@Timeout(180)
class RedirectTest {
  private static final String LOOKUP =
      """
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup",\
      "arguments":{"customer":"c-1"}}}\
      """;
  private static final String AGENT = "10.9.0.1";
  private static final String SERVER = "10.9.0.2";
  private static final int PORT = 80;

  @TempDir private Path directory;
  private Harness harness;
  private World world;
  private SecuredGateway gateway;
  private NetworkNamespace agent;
  private NetworkNamespace outside;
  private ServerSocketChannel server;
  private Redirect redirect;

  @BeforeAll
  static void needNamespaces() {
    NetworkNamespace.whyUnavailable()
        .ifPresent(why -> {
          String reason = "SKIPPED, tests with real packets: " + why;
          System.err.println(reason);
          Assumptions.abort(reason);
        });
  }

  @BeforeEach
  void start() throws Exception {
    harness =
        new Harness((_, exchange) ->
            Backend.json(
                exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[]}}"));
    world = new World(directory);
    gateway = new SecuredGateway(harness, world);
    agent = NetworkNamespace.create();
    outside = NetworkNamespace.create();
    try (RouteSocket inside = RouteSocket.open(agent);
        RouteSocket other = RouteSocket.open(outside)) {
      inside.setUp(inside.index("lo"));
      inside.createVeth("eth0", "eth0", outside);
      give(inside, AGENT);
      give(other, SERVER);
    }
    server = outside.run(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
    server.bind(new InetSocketAddress(SERVER, PORT));
    server.configureBlocking(false);
    redirect = redirect("gateway");
  }

  private static void give(RouteSocket routes, String address) {
    int index = routes.index("eth0");
    routes.addAddress(index, IpPrefix.parse(address + "/24"));
    routes.setUp(index);
  }

  private Redirect redirect(String gatewayIs) throws IOException {
    return Redirect.start(
        agent,
        GatewayAddress.of(
            gateway.address(), World.id(gatewayIs), () -> world.agent("support"), gateway.svids));
  }

  /** Whatever was said, the server that was meant has not even seen a connection. */
  @AfterEach
  void stop() throws Exception {
    try {
      assertThat(server.accept()).isNull();
    } finally {
      redirect.close();
      server.close();
      agent.close();
      outside.close();
      gateway.close();
      world.close();
      harness.close();
    }
  }

  /** What the agent hears when it says something to the server's address. */
  private String say(String text) throws IOException {
    try (SocketChannel channel = connect()) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
      return new String(
          channel.socket().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = agent.run(() -> SocketChannel.open(StandardProtocolFamily.INET));
    try {
      channel.socket().setSoTimeout(60_000);
      channel.connect(new InetSocketAddress(SERVER, PORT));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static String post(String host) {
    return "POST /mcp HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(host, LOOKUP.length(), LOOKUP);
  }

  private AgentCall decided() {
    assertThat(harness.decided).hasSize(1);
    return harness.decided.getFirst();
  }

  @Test
  void aCallOfAToolsOwnAddressIsDecidedByTheGateway() throws Exception {
    assertThat(say(post("crm.test"))).startsWith("HTTP/1.1 200").contains("\"result\"");
    assertThat(decided().target()).isEqualTo(new Target(Target.Kind.TOOL, "crm", "lookup"));
    assertThat(decided().caller().workload()).isEqualTo(World.id("support").toString());
    assertThat(harness.backend.received()).hasSize(1);
  }

  @Test
  void whatPoliciesForbidIsDenied() throws Exception {
    harness.rule = _ -> Harness.deny("not today");
    assertThat(say(post("crm.test"))).contains("not today").contains("p-deny");
    assertThat(harness.backend.received()).isEmpty();
  }

  @Test
  void whatIsNotRegisteredIsDeniedAndRecorded() throws Exception {
    assertThat(say(post("evil.test"))).startsWith("HTTP/1.1 403").contains("audit record 1");
    assertThat(decided().target()).isEqualTo(new Target(Target.Kind.ADDRESS, "evil.test", ""));
  }

  /** TLS, a tunnel, another protocol, HTTP/2. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000",
        "CONNECT crm.test:443 HTTP/1.1\r\nHost: crm.test:443\r\n\r\n",
        "SSH-2.0-agent\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
      })
  void whatIsNotHttpEndsAndIsRecordedWithWhereItWasGoing(String first) throws Exception {
    assertThat(say(first)).isEmpty();
    assertThat(decided().target())
        .isEqualTo(new Target(Target.Kind.ADDRESS, SERVER + ":" + PORT, ""));
    assertThat(decided().caller().workload()).isEqualTo(World.id("support").toString());
  }

  @Test
  void withoutTheGatewayNothingGoesThrough() throws Exception {
    gateway.close();
    assertThat(say(post("crm.test"))).startsWith("HTTP/1.1 502");
    assertThat(say("SSH-2.0-agent\r\n")).isEmpty();
  }

  @Test
  void nobodyElseIsTakenForTheGateway() throws Exception {
    redirect.close();
    redirect = redirect("another");
    assertThat(say(post("crm.test"))).startsWith("HTTP/1.1 502");
    assertThat(harness.decided).isEmpty();
  }

  @Test
  void withoutTheRedirectNothingGoesThroughUntilThereIsAnotherOne() throws Exception {
    redirect.close();
    assertThatThrownBy(() -> say(post("crm.test"))).isInstanceOf(ConnectException.class);
    redirect = redirect("gateway");
    assertThat(say(post("crm.test"))).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {SERVER, "::1"})
  void nothingButTcpLeaves(String address) throws Exception {
    try (DatagramChannel channel = agent.run(() -> DatagramChannel.open())) {
      ByteBuffer question = ByteBuffer.wrap(new byte[] {1});
      assertThatThrownBy(() -> channel.send(question, new InetSocketAddress(address, 53)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void othersMayCallTheAgent() throws Exception {
    try (ServerSocketChannel own =
            agent.run(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
        SocketChannel caller = outside.run(() -> SocketChannel.open(StandardProtocolFamily.INET))) {
      own.bind(new InetSocketAddress(AGENT, 0));
      caller.connect(own.getLocalAddress());
      try (SocketChannel called = own.accept()) {
        called.write(ByteBuffer.wrap(new byte[] {42}));
      }
      caller.socket().setSoTimeout(60_000);
      assertThat(caller.socket().getInputStream().read()).isEqualTo(42);
    }
  }
}
