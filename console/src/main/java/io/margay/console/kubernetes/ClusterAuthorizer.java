package io.margay.console.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.margay.console.access.AccessUnavailableException;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Identity;
import io.margay.console.access.Permissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks the cluster what a user may do (SubjectAccessReview). Answers are kept for half a minute, so
 * a role that is taken away ends at the latest then.
 */
public final class ClusterAuthorizer implements Authorizer {
  private static final Duration KEEP = Duration.ofSeconds(30);

  private final Reviews reviews;
  private final Supplier<Set<String>> namespaces;
  private final ExpiringMap<Identity, Permissions> known;

  /**
   * @param namespaces that exist now
   */
  public ClusterAuthorizer(
      KubernetesClient client, Supplier<Set<String>> namespaces, InstantSource clock) {
    this.reviews = new Reviews(client);
    this.namespaces = namespaces;
    this.known = new ExpiringMap<>(KEEP, clock);
  }

  @Override
  public Permissions permissions(Identity identity) {
    if (identity.local()) {
      throw new AccessUnavailableException(
          "the cluster knows no user " + identity.user() + " of this machine", null);
    }
    return known.get(identity, () -> ClusterPermissions.read(reviews, identity, namespaces.get()));
  }
}
