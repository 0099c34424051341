package io.margay.bench.gateway;

import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.agents.identity.http.EmbeddedIssuer;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.app.process.Running;
import io.margay.model.manifest.Manifests;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A tool server, the gateway before it, and a plain reverse proxy with the same TLS beside it. */
final class BenchWorld implements AutoCloseable {
  private static final String NAME = "https://gateway.bench.example";

  /** Header with which a call asks for a stream. */
  static final String STREAM = "Mcp-Bench-Stream";

  private static final long STREAM_MILLIS = 20;
  private static final byte[] ANSWER =
      ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"complete\",\"content\":"
              + "[{\"type\":\"text\",\"text\":\"customer 7: Ada, of whom this is all\"}]}}")
          .getBytes(StandardCharsets.UTF_8);

  private final Running running;
  private final SSLContext clientTls;
  private final URI upstream;
  private final URI proxy;
  private final AgentGateway gateway;
  private final String token;

  /**
   * @param policies how many Cedar policies there are; one of them permits the call
   */
  static BenchWorld start(Path state, int policies) throws IOException {
    Running running = new Running();
    try {
      return new BenchWorld(running, state, policies);
    } catch (IOException | RuntimeException | Error e) {
      running.close();
      throw e;
    }
  }

  private BenchWorld(Running running, Path state, int policies) throws IOException {
    this.running = running;
    InstantSource clock = InstantSource.system();
    SpiffeAuthority authority =
        SpiffeAuthority.open(
            state.resolve("spiffe"), SpiffeAuthority.Config.of("bench.example"), clock);
    X509Svids svids = new X509Svids(authority::bundles, clock);
    IssuedX509 agent = authority.issueX509(SpiffeId.of("spiffe://bench.example/agent/caller"));
    IssuedX509 own = authority.issueX509(SpiffeId.of("spiffe://bench.example/gateway"));
    clientTls = SpiffeTls.context(() -> agent, svids);
    upstream = start(new ToolServer(), Optional.empty());
    proxy =
        start(
            new ProxyHandler.Reverse(
                request -> HttpURI.from(upstream.resolve(Request.getPathInContext(request)))),
            Optional.of(SpiffeTls.context(() -> own, svids)));
    EmbeddedIssuer issuer =
        running.add(
            EmbeddedIssuer.start(
                0,
                Map.of("alice", new EmbeddedIssuer.Person("s", List.of("staff"), Set.of("tools"))),
                NAME,
                clock));
    token = issuer.token("alice", Set.of("tools"));
    ResourceStore store = running.add(new MemoryStore());
    Manifests.Result resources = Manifests.read("bench.yaml", resources(policies));
    if (!resources.ok()) {
      throw new IOException("the benchmark's resources are wrong: " + resources.problems());
    }
    resources.objects().forEach(store::create);
    gateway =
        running.add(
            AgentGateway.start(
                store,
                new AgentGateway.Settings(
                    state.resolve("gateway"), NAME, "bench.example", "bench", "127.0.0.1", 0),
                new AgentGateway.Trust(
                    () -> own,
                    svids,
                    new JwtSvids(authority::bundles, clock, Duration.ofSeconds(5)),
                    List.of(TrustedIssuer.discovered(issuer.issuer(), NAME))),
                new AgentGateway.Models(_ -> Optional.empty()),
                clock));
  }

  private String resources(int policies) {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        {apiVersion: agents.margay.io/v1alpha1, kind: Agent, metadata: {name: caller}, spec: {owner: dana, team: t0, riskLevel: low}}
        ---
        apiVersion: agents.margay.io/v1alpha1
        kind: ToolServer
        metadata: {name: crm}
        spec: {url: "%s", owner: dana, dataClasses: [customers], tools: [{name: read, readOnly: true}]}
        """
            .formatted(upstream.resolve("/mcp")));
    for (int i = 0; i < policies; i++) {
      String condition = i == 0 ? "Tool::\"crm/read\"" : "Tool::\"other/tool%d\"".formatted(i);
      yaml.append(
          """
          ---
          apiVersion: agents.margay.io/v1alpha1
          kind: AgentPolicy
          metadata: {name: policy-%d}
          spec:
            cedar: |
              permit(principal, action == Action::"invokeTool", resource == %s)
                when { principal.risk_level == "low" && context.delegation_depth <= 3 && context.has_user };
          """
              .formatted(i, condition));
    }
    return yaml.toString();
  }

  /** Answers as a tool does: at once, or with a stream that tells when it began. */
  private static final class ToolServer extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      if (request.getHeaders().contains(STREAM)) {
        Content.Source.consumeAll(
            request, Callback.from(() -> stream(request, response, callback), callback::failed));
        return true;
      }
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, ANSWER.length);
      Content.Source.consumeAll(
          request,
          Callback.from(
              () -> response.write(true, ByteBuffer.wrap(ANSWER), callback), callback::failed));
      return true;
    }
  }

  private static void stream(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    Runnable end = () -> response.write(true, ByteBuffer.allocate(0), callback);
    byte[] event = ("data: " + System.nanoTime() + "\n\n").getBytes(StandardCharsets.US_ASCII);
    response.write(
        false,
        ByteBuffer.wrap(event),
        Callback.from(
            () ->
                request
                    .getComponents()
                    .getScheduler()
                    .schedule(end, STREAM_MILLIS, TimeUnit.MILLISECONDS),
            callback::failed));
  }

  private URI start(Handler handler, Optional<SSLContext> tls) throws IOException {
    Server server = new Server();
    HttpConfiguration http = new HttpConfiguration();
    // Tokens find no room in it: to try anew for each call would be dearer than the tool.
    http.setHeaderCacheSize(0);
    HttpConnectionFactory http1 = new HttpConnectionFactory(http);
    ServerConnector connector;
    if (tls.isPresent()) {
      http.addCustomizer(new SecureRequestCustomizer(false));
      SslContextFactory.Server factory = new SslContextFactory.Server();
      factory.setSslContext(tls.get());
      factory.setIncludeProtocols("TLSv1.3");
      factory.setNeedClientAuth(true);
      connector = new ServerConnector(server, factory, http1);
    } else {
      connector = new ServerConnector(server, http1);
    }
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("a server of the benchmark does not start", e);
    }
    running.add(server::stop);
    return URI.create(
        (tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + connector.getLocalPort() + "/");
  }

  SSLContext clientTls() {
    return clientTls;
  }

  URI upstream() {
    return upstream;
  }

  URI proxy() {
    return proxy;
  }

  URI gateway() {
    return gateway.uri();
  }

  /** Until the gateway has read its registry nothing is permitted. */
  boolean isReady() {
    return gateway.registry().toolServers().containsKey("crm");
  }

  String token() {
    return token;
  }

  @Override
  public void close() {
    running.close();
  }
}
