package io.margay.agents.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.gateway.http.Upstream.Answer;
import io.margay.agents.gateway.http.Upstream.Ask;
import io.margay.model.resource.CaBundle;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls a server whose certificate no public authority has signed. */
@Timeout(180)
class UpstreamAuthoritiesTest {
  private static final String PASSWORD = "changeit";

  @TempDir static Path folder;
  private static Path certificate;

  /** Who vouches for nobody here. */
  private static Path another;

  private Server server;
  private ServerConnector connector;

  private static void keytool(String... arguments) throws Exception {
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> command = Stream.concat(Stream.of(tool), Stream.of(arguments)).toList();
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(process.waitFor()).as(() -> String.join(" ", command)).isZero();
  }

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificate = certificate("s");
    another = certificate("another");
  }

  @BeforeEach
  void serve() throws Exception {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setKeyStorePath(folder.resolve("s.p12").toString());
    tls.setKeyStorePassword(PASSWORD);
    tls.setSniRequired(false);
    server = new Server();
    connector = new ServerConnector(server, tls);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Ok());
    server.start();
  }

  private static Path certificate(String name) throws Exception {
    keytool(
        ("-genkeypair -alias s -keyalg EC -dname CN=tools -ext SAN=IP:127.0.0.1 -validity 2"
                + " -keystore %s.p12 -storepass %s")
            .formatted(name, PASSWORD)
            .split(" "));
    keytool(
        "-exportcert -rfc -alias s -keystore %1$s.p12 -file %1$s.pem -storepass %2$s"
            .formatted(name, PASSWORD)
            .split(" "));
    return folder.resolve(name + ".pem");
  }

  private static CaBundle bundle(Path file) throws IOException {
    return CaBundle.ofPem(Files.readAllBytes(file));
  }

  private static final class Ok extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.write(true, ByteBuffer.wrap(new byte[] {'o', 'k'}), callback);
      return true;
    }
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private String ask(UpstreamAuthorities authorities, String host) throws Exception {
    try (Upstream upstream = new Upstream(authorities)) {
      return ask(upstream, host, Optional.empty());
    }
  }

  private String ask(Upstream upstream, String host, Optional<CaBundle> bundle) throws Exception {
    URI uri = URI.create("https://" + host + ":" + connector.getLocalPort() + "/mcp");
    Ask ask = new Ask("GET", uri, bundle, HttpFields.EMPTY, Map.of(), new byte[0]);
    try (Answer answer = upstream.send(ask)) {
      return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void anAuthorityOfOnesOwnIsTrusted() throws Exception {
    assertThat(ask(UpstreamAuthorities.read(certificate), "127.0.0.1")).isEqualTo("ok");
  }

  @Test
  void othersAreNot() {
    assertThatThrownBy(() -> ask(UpstreamAuthorities.PUBLIC, "127.0.0.1"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PKIX");
  }

  @Test
  void theCertificateIsForTheHostThatIsCalled() {
    assertThatThrownBy(() -> ask(UpstreamAuthorities.read(certificate), "localhost"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("localhost");
  }

  @Test
  void onlyTheAuthoritiesOfAServerVouchForIt() throws Exception {
    try (Upstream upstream = new Upstream()) {
      Optional<CaBundle> right = Optional.of(bundle(certificate));
      Optional<CaBundle> wrong = Optional.of(bundle(another));
      assertThat(ask(upstream, "127.0.0.1", right)).isEqualTo("ok");
      // There is a connection now that the other one must not get.
      for (Optional<CaBundle> bundle : List.of(wrong, Optional.<CaBundle>empty())) {
        assertThatThrownBy(() -> ask(upstream, "127.0.0.1", bundle))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("PKIX");
      }
      assertThatThrownBy(() -> ask(upstream, "localhost", right))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("localhost");
    }
  }

  /** Also not those that the owner of the gateway trusts. */
  @Test
  void noOtherAuthorityVouchesForAServerWithItsOwn() throws Exception {
    try (Upstream upstream = new Upstream(UpstreamAuthorities.read(certificate))) {
      Optional<CaBundle> wrong = Optional.of(bundle(another));
      assertThat(ask(upstream, "127.0.0.1", Optional.empty())).isEqualTo("ok");
      assertThatThrownBy(() -> ask(upstream, "127.0.0.1", wrong))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("PKIX");
    }
  }

  @Test
  void aFileWithoutCertificatesIsRefused() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path other = Files.writeString(folder.resolve("other.pem"), "-----BEGIN NOTHING-----");
    assertThatThrownBy(() -> UpstreamAuthorities.read(empty))
        .hasMessageContaining("empty.pem: without a certificate; write");
    assertThatThrownBy(() -> UpstreamAuthorities.read(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other.pem");
  }
}
