package io.margay.console.kubernetes;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.margay.console.access.AccessUnavailableException;
import io.margay.console.access.Identity;

/** Single questions about what a user may do. */
final class Reviews {
  private final KubernetesClient client;

  Reviews(KubernetesClient client) {
    this.client = client;
  }

  /**
   * What is to be done to what.
   *
   * @param namespace empty for all namespaces, and for cluster-wide kinds
   * @param name empty for all
   */
  record Action(String verb, String group, String resource, String namespace, String name) {}

  /** Whether the user may; no answer is never a yes. */
  boolean allowed(Identity identity, Action action) {
    SubjectAccessReview asked =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(identity.user())
            .withGroups(identity.groups())
            .withNewResourceAttributes()
            .withVerb(action.verb())
            .withGroup(action.group())
            .withResource(action.resource())
            .withNamespace(action.namespace())
            .withName(action.name())
            .endResourceAttributes()
            .endSpec()
            .build();
    try {
      SubjectAccessReview answer = client.authorization().v1().subjectAccessReview().create(asked);
      return answer.getStatus() != null
          && Boolean.TRUE.equals(answer.getStatus().getAllowed())
          && !Boolean.TRUE.equals(answer.getStatus().getDenied());
    } catch (KubernetesClientException e) {
      throw new AccessUnavailableException(
          "the cluster cannot say now what " + identity.user() + " may do: " + e.getMessage(), e);
    }
  }
}
