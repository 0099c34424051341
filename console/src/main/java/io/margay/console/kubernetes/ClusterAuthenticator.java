package io.margay.console.kubernetes;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.margay.console.access.AccessUnavailableException;
import io.margay.console.access.Authenticator;
import io.margay.console.access.Identity;
import io.margay.console.access.Secrets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Asks the cluster whom a bearer token stands for (TokenReview). */
public final class ClusterAuthenticator implements Authenticator {
  private static final Duration KEEP = Duration.ofSeconds(30);

  private final KubernetesClient client;
  private final ExpiringMap<String, Optional<Identity>> known;

  public ClusterAuthenticator(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.known = new ExpiringMap<>(KEEP, clock);
  }

  @Override
  public Optional<Identity> authenticate(String token) {
    return token.isEmpty()
        ? Optional.empty()
        : known.get(Secrets.fingerprint(token), () -> review(token));
  }

  private Optional<Identity> review(String token) {
    TokenReview asked = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    TokenReview answer;
    try {
      answer = client.tokenReviews().create(asked);
    } catch (KubernetesClientException e) {
      throw new AccessUnavailableException(
          "the cluster cannot say now whom a token stands for: " + e.getMessage(), e);
    }
    if (answer.getStatus() == null
        || !Boolean.TRUE.equals(answer.getStatus().getAuthenticated())
        || answer.getStatus().getUser() == null) {
      return Optional.empty();
    }
    UserInfo user = answer.getStatus().getUser();
    List<String> groups = user.getGroups() == null ? List.of() : user.getGroups();
    return Optional.ofNullable(user.getUsername())
        .filter(name -> !name.isEmpty())
        .map(name -> Identity.ofCluster(name, groups));
  }
}
