package io.margay.agents.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.gateway.http.Upstream.Answer;
import io.margay.agents.gateway.http.Upstream.Ask;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls a server whose certificate no public authority has signed. */
@Timeout(180)
class UpstreamAuthoritiesTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;
  private Server server;
  private ServerConnector connector;
  private Path certificate;

  private void keytool(String... arguments) throws Exception {
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

  @BeforeEach
  void serve() throws Exception {
    keytool(
        ("-genkeypair -alias s -keyalg EC -dname CN=tools -ext SAN=IP:127.0.0.1 -validity 2"
                + " -keystore s.p12 -storepass "
                + PASSWORD)
            .split(" "));
    keytool(
        ("-exportcert -rfc -alias s -keystore s.p12 -file s.pem -storepass " + PASSWORD)
            .split(" "));
    certificate = folder.resolve("s.pem");
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
    URI uri = URI.create("https://" + host + ":" + connector.getLocalPort() + "/mcp");
    try (Upstream upstream = new Upstream(authorities);
        Answer answer =
            upstream.send(new Ask("GET", uri, HttpFields.EMPTY, Map.of(), new byte[0]))) {
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
  void aFileWithoutCertificatesIsRefused() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path other = Files.writeString(folder.resolve("other.pem"), "-----BEGIN NOTHING-----");
    assertThatThrownBy(() -> UpstreamAuthorities.read(empty))
        .hasMessageContaining("empty.pem is empty");
    assertThatThrownBy(() -> UpstreamAuthorities.read(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other.pem");
  }
}
