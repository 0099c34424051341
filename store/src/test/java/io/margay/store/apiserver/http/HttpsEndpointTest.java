package io.margay.store.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.store.apiserver.tls.Credentials;
import io.margay.testkit.OneFlight;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsEndpointTest {
  /** Watches stay open for an hour: on threads of the pool they would soon have all of them. */
  @Test
  void aRequestThatComesWithTheEndOfItsHandshakeHasAVirtualThreadToo(@TempDir Path directory)
      throws Exception {
    CompletableFuture<Boolean> virtual = new CompletableFuture<>();
    Handler handler =
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            virtual.complete(Thread.currentThread().isVirtual());
            return false;
          }
        };
    Credentials credentials =
        Credentials.loadOrCreate(
            directory.resolve("pki"), List.of("127.0.0.1"), InstantSource.system());
    try (HttpsEndpoint endpoint =
            HttpsEndpoint.start("127.0.0.1", 0, credentials.server(), handler);
        Socket client =
            OneFlight.get(
                endpoint.url().resolve("/nothing"), trusting(credentials.server().certificate()))) {
      assertThat(virtual.get(30, TimeUnit.SECONDS)).isTrue();
      byte[] status = client.getInputStream().readNBytes("HTTP/1.1 404".length());
      assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 404");
    }
  }

  private static SSLContext trusting(Certificate server) throws Exception {
    KeyStore known = KeyStore.getInstance("PKCS12");
    known.load(null, null);
    known.setCertificateEntry("server", server);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(known);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
