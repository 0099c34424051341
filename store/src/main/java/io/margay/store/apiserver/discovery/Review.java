package io.margay.store.apiserver.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Questions that a client may ask about itself, for {@code kubectl auth can-i} and {@code whoami}.
 * There is one user, and it may do everything.
 */
public enum Review {
  ACCESS("authorization.k8s.io", "SelfSubjectAccessReview"),
  RULES("authorization.k8s.io", "SelfSubjectRulesReview"),
  SUBJECT("authentication.k8s.io", "SelfSubjectReview");

  private final String group;
  private final String kind;

  Review(String group, String kind) {
    this.group = group;
    this.kind = kind;
  }

  String group() {
    return group;
  }

  String kind() {
    return kind;
  }

  String plural() {
    return kind.toLowerCase(Locale.ROOT) + "s";
  }

  /** The review at a path, if there is one. */
  public static Optional<Review> of(String group, String version, String plural) {
    return Arrays.stream(values())
        .filter(r -> r.group.equals(group) && r.plural().equals(plural) && version.equals("v1"))
        .findFirst();
  }

  /** The question with its answer. */
  public ObjectNode answer(ObjectNode question, String user) {
    ObjectNode answer = question.deepCopy();
    answer.put("apiVersion", group + "/v1").put("kind", kind);
    answer.withObjectProperty("metadata");
    ObjectNode status = answer.putObject("status");
    switch (this) {
      case ACCESS -> status.put("allowed", true).put("reason", "the owner of the kubeconfig");
      case RULES -> {
        ObjectNode resources = status.putArray("resourceRules").addObject();
        List.of("verbs", "apiGroups", "resources").forEach(n -> resources.putArray(n).add("*"));
        ObjectNode others = status.putArray("nonResourceRules").addObject();
        List.of("verbs", "nonResourceURLs").forEach(n -> others.putArray(n).add("*"));
        status.put("incomplete", false);
      }
      case SUBJECT -> {
        ObjectNode info = status.putObject("userInfo").put("username", user);
        info.putArray("groups").add("system:masters").add("system:authenticated");
      }
    }
    return answer;
  }
}
