package io.margay.app.process;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.margay.console.access.Permissions;
import io.margay.console.kubernetes.ClusterAuthenticator;
import io.margay.console.kubernetes.ClusterAuthorizer;
import io.margay.console.kubernetes.ProviderLogin;
import io.margay.console.signin.SignInMethods;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How users of a cluster sign in: with a bearer token, or at an identity provider. */
public final class ClusterSignIn implements ConsoleSignIn {
  private final KubernetesClient client;
  private final Optional<ProviderLogin.Config> provider;

  /**
   * @param client of the cluster whose users they are; it must be permitted to make reviews
   * @param provider empty where people sign in with tokens only
   */
  public ClusterSignIn(KubernetesClient client, Optional<ProviderLogin.Config> provider) {
    this.client = client;
    this.provider = provider;
  }

  @Override
  public SignInMethods methods(Supplier<Set<String>> namespaces) {
    ClusterAuthenticator tokens = new ClusterAuthenticator(client, InstantSource.system());
    return new SignInMethods(
        Permissions.NONE,
        tokens,
        true,
        Optional.empty(),
        provider.map(config -> new ProviderLogin(config, tokens)),
        Optional.empty(),
        new ClusterAuthorizer(client, namespaces, InstantSource.system()));
  }

  @Override
  public void announce(URI console) {
    // Whoever has a token of the cluster knows the console's address from its Service.
  }

  @Override
  public void withdraw() {
    client.close();
  }

  @Override
  public Optional<URI> link(URI console) {
    return Optional.empty();
  }
}
