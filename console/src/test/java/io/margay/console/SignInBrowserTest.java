package io.margay.console;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.margay.console.access.Identity;
import io.margay.console.access.Permissions;
import io.margay.console.kubernetes.ClusterAuthenticator;
import io.margay.console.kubernetes.ClusterAuthorizer;
import io.margay.console.kubernetes.ProviderLogin;
import io.margay.console.signin.OidcLogin;
import io.margay.console.signin.SignInMethods;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowService;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users of a cluster sign in with a browser: by a token, and at an identity provider. */
class SignInBrowserTest {

  @BeforeEach
  void needABrowserAndThePage() {
    BrowserTests.needABrowserAndThePage();
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void usersOfAClusterGetInAndSeeWhatIsTheirs() throws Exception {
    AtomicReference<OidcLogin> provider = new AtomicReference<>();
    try (FakeCluster cluster = cluster();
        KubernetesClient client = client(cluster);
        ResourceStore store = new MemoryStore();
        FlowService flows = new FlowService(FlowLimits.DEFAULT, Instant::now)) {
      flows.start();
      LivelyShop shop = new LivelyShop(flows, store);
      shop.goOn(Instant.now());
      ClusterAuthenticator tokens = new ClusterAuthenticator(client, Instant::now);
      SignInMethods methods =
          new SignInMethods(
              Permissions.NONE,
              tokens,
              true,
              Optional.empty(),
              Optional.of(new LateLogin(provider)),
              Optional.empty(),
              new ClusterAuthorizer(client, () -> Set.of("shop", "payments"), Instant::now));
      try (ConsoleServer console = shop.console(methods)) {
        console.start();
        URI callback = console.uri().resolve("/sign-in/oidc/callback");
        provider.set(
            new ProviderLogin(
                new ProviderLogin.Config(cluster.uri("/idp"), "margay", "", callback), tokens));
        BrowserTests.run(
            Map.of(
                "MARGAY_URL",
                console.uri().toString(),
                "MARGAY_TOKEN",
                "root-token",
                "MARGAY_NAMESPACE_TOKEN",
                "ann-token",
                "MARGAY_PROVIDER",
                cluster.uri("/idp").toString()),
            "cluster");
      }
    }
  }

  /** Root sees and changes everything; ann looks at one namespace. */
  private static FakeCluster cluster() throws Exception {
    FakeCluster cluster = new FakeCluster();
    cluster.usersByToken.put("ann-token", "ann");
    cluster.usersByToken.put("root-token", "root");
    for (String resource : new String[] {"pods", "networkpolicies"}) {
      cluster.grants.add("ann list " + resource + " shop");
      cluster.grants.add("root list " + resource + " *");
    }
    cluster.grants.add("root list globalnetworkpolicies *");
    cluster.grants.add("root update networkpolicies *");
    return cluster;
  }

  private static KubernetesClient client(FakeCluster cluster) {
    Config config =
        new ConfigBuilder(Config.empty()).withMasterUrl(cluster.uri("/").toString()).build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /** The provider has to know the console's port, which the console has once it is there. */
  private record LateLogin(AtomicReference<OidcLogin> provider) implements OidcLogin {
    @Override
    public URI begin(Attempt attempt) {
      return provider.get().begin(attempt);
    }

    @Override
    public Identity complete(Attempt attempt, String code) {
      return provider.get().complete(attempt, code);
    }
  }
}
