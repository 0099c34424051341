package io.margay.store.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.store.StoreException;
import io.margay.store.apiserver.tls.TestIdentities;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only who holds the kubeconfig's credential may read or write. */
final class AccessTest extends ApiServerTestBase {

  @ParameterizedTest
  @ValueSource(strings = {"", "wrong", "Bearer"})
  void strangersAreRefused(String token) throws Exception {
    try (ApiClient stranger = ApiClient.of(server.kubeconfig(), token)) {
      for (String path : List.of(TIERS, "/api", "/apis", "/openapi/v3", NAMESPACES, "/", "/none")) {
        var answer = stranger.get(path);
        assertThat(answer.status()).as(path).isEqualTo(401);
        assertThat(answer.at("/kind")).isEqualTo("Status");
        assertThat(answer.at("/reason")).isEqualTo("Unauthorized");
      }
      assertThat(stranger.post(TIERS, tier("intruder", 1)).status()).isEqualTo(401);
      assertThat(stranger.delete(TIERS + "/default").status()).isEqualTo(401);
    }
    assertThat(client.get(TIERS + "/intruder").status()).isEqualTo(404);
  }

  @Test
  void healthAndVersionArePublic() throws Exception {
    try (ApiClient stranger = ApiClient.of(server.kubeconfig(), "")) {
      assertThat(stranger.get("/version").at("/major")).isEqualTo("1");
      for (String path : List.of("/healthz", "/livez", "/readyz")) {
        assertThat(stranger.get(path).response().body()).isEqualTo("ok");
      }
      assertThat(stranger.post("/version", "{}").status()).isEqualTo(401);
    }
  }

  @Test
  void theClientCertificateIsEnough() throws Exception {
    Path pki = directory.resolve("pki");
    try (ApiClient holder =
        ApiClient.of(server.kubeconfig(), "", TestIdentities.keptIn(pki, "admin"))) {
      assertThat(holder.get(TIERS).status()).isEqualTo(200);
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsWorthNothing() throws Exception {
    Path elsewhere = directory.resolve("elsewhere");
    try (EmbeddedApiServer other =
            EmbeddedApiServer.start(
                new ApiServerConfig(elsewhere, "127.0.0.1", 0, List.of(), false));
        ApiClient impostor =
            ApiClient.of(
                server.kubeconfig(),
                "",
                TestIdentities.keptIn(elsewhere.resolve("pki"), "admin"))) {
      assertThat(other.url()).isNotEqualTo(server.url());
      assertThat(impostor.get(TIERS).status()).isEqualTo(401);
    }
  }

  @Test
  void theServersOwnCertificateIsNoUser() throws Exception {
    try (ApiClient impostor =
        ApiClient.of(server.kubeconfig(), "", TestIdentities.server(directory.resolve("pki")))) {
      assertThat(impostor.get(TIERS).status()).isEqualTo(401);
    }
  }

  @Test
  void secretsAreReadableByTheirOwnerOnly() throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(file ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .as(file.toString())
                  .isEqualTo("rw-------"));
    }
  }

  @Test
  void theKubeconfigStaysGoodAcrossARestart() throws Exception {
    String before = Files.readString(server.kubeconfig());
    int port = server.url().getPort();
    server.close();
    server =
        EmbeddedApiServer.start(
            new ApiServerConfig(directory, "127.0.0.1", port, List.of(), false));
    assertThat(Files.readString(server.kubeconfig())).isEqualTo(before);
    assertThat(client.get(TIERS).status()).isEqualTo(200);
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    InetAddress other = InetAddress.getByName("127.0.0.2");
    assertThatThrownBy(() -> new Socket(other, server.url().getPort()).close())
        .isInstanceOf(java.net.ConnectException.class);
  }

  @Test
  void aPortThatIsTakenIsToldSo() {
    int taken = server.url().getPort();
    ApiServerConfig config =
        new ApiServerConfig(directory.resolve("second"), "127.0.0.1", taken, List.of(), false);
    assertThatThrownBy(() -> EmbeddedApiServer.start(config).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("127.0.0.1:" + taken);
  }
}
