package io.margay.agents.identity.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.margay.agents.identity.TurnedClock;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.TrustBundle;
import io.margay.agents.identity.spiffe.X509Svids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our server and our client over a real socket: the peer is this process. */
class WorkloadApiTest {
  private static final SpiffeId ME = SpiffeId.of("spiffe://shop.example/agent/me");

  @TempDir private Path directory;
  private final TurnedClock clock = new TurnedClock();
  private SpiffeAuthority authority;
  private Registrations registrations;
  private WorkloadApiServer server;
  private WorkloadApiClient client;

  @BeforeEach
  void begin() throws IOException {
    authority =
        SpiffeAuthority.open(
            directory.resolve("keys"), SpiffeAuthority.Config.of("shop.example"), clock);
    registrations = new Registrations(List.of(entry("unix:pid:" + ProcessHandle.current().pid())));
    server = WorkloadApiServer.start(socket(), authority, registrations, clock);
    client = WorkloadApiClient.connect(socket());
  }

  @AfterEach
  void end() {
    client.close();
    server.close();
  }

  private Path socket() {
    return directory.resolve("api.sock");
  }

  private static Registrations.Entry entry(String... selectors) {
    return new Registrations.Entry(
        ME, List.of(selectors).stream().map(Selector::parse).toList(), "");
  }

  @Test
  void aRegisteredProcessGetsItsIdentity() throws Exception {
    await().until(() -> client.current().isPresent());
    List<X509Certificate> chain = client.current().orElseThrow().svids().getFirst().chain();
    assertThat(new X509Svids(client::bundles, clock).verify(chain, X509Svids.Role.CLIENT).id())
        .isEqualTo(ME);
    String token = client.jwtSvid("https://gateway.example");
    assertThat(
            new JwtSvids(client::bundles, clock, Duration.ZERO)
                .verify(token, Set.of("https://gateway.example"))
                .id())
        .isEqualTo(ME);
  }

  @Test
  void theKernelSaysWhichProgramAsks() throws Exception {
    Path java = Files.readSymbolicLink(Path.of("/proc/self/exe"));
    registrations.replace(List.of(entry("unix:path:" + java)));
    await().until(() -> client.current().isPresent());
    registrations.replace(List.of(entry("unix:path:/bin/false")));
    await().until(() -> client.current().isEmpty());
    assertThat(client.problem()).contains("PERMISSION_DENIED");
  }

  @Test
  void anotherProcessGetsNothing() {
    await().until(() -> client.current().isPresent());
    registrations.replace(List.of(entry("unix:pid:1")));
    await().until(() -> client.current().isEmpty());
    assertThatThrownBy(() -> client.jwtSvid("https://gateway.example"))
        .hasMessageContaining("no identity issued");
  }

  @Test
  void halfOldIdentitiesAreReplaced() {
    await().until(() -> client.current().isPresent());
    X509Certificate first = leaf();
    clock.turn(Duration.ofMinutes(31));
    await().until(() -> !leaf().equals(first));
    assertThat(leaf().getNotAfter()).isAfter(first.getNotAfter());
  }

  @Test
  void newKeysAreTrustedBeforeTheySign() {
    await().until(() -> client.current().isPresent());
    clock.turn(Duration.ofDays(6));
    await().until(() -> own().x509Authorities().size() == 2);
    assertThat(leaf().getIssuerX500Principal())
        .isEqualTo(own().x509Authorities().getFirst().getSubjectX500Principal());
  }

  @Test
  void federatedDomainsComeAndGo() throws IOException {
    SpiffeAuthority other =
        SpiffeAuthority.open(
            directory.resolve("other"), SpiffeAuthority.Config.of("other.example"), clock);
    authority.federate(List.of(other.bundle()));
    await().until(() -> client.bundles().byDomain().containsKey("other.example"));
    authority.federate(List.of());
    await().until(() -> !client.bundles().byDomain().containsKey("other.example"));
  }

  @Test
  void aSocketInUseIsNotTaken() {
    assertThatThrownBy(() -> WorkloadApiServer.start(socket(), authority, registrations, clock))
        .hasMessageContaining("is served by another process");
  }

  private X509Certificate leaf() {
    return client.current().orElseThrow().svids().getFirst().chain().getFirst();
  }

  private TrustBundle own() {
    return client.bundles().byDomain().get("shop.example");
  }
}
