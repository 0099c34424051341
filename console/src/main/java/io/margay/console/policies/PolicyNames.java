package io.margay.console.policies;

import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.flows.FlowPeer;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.PolicyKind;
import java.util.Arrays;
import java.util.Optional;

/** Names policies as flow records do; a tier goes by its own kind. */
public final class PolicyNames {
  private PolicyNames() {}

  /** The kind of object behind a name; empty where there is none, as for an end of a tier. */
  public static Optional<Kind> kind(String name) {
    if (name.equals(Kind.TIER.kind())) {
      return Optional.of(Kind.TIER);
    }
    return Arrays.stream(PolicyKind.values())
        .filter(candidate -> candidate.goldmaneName().equals(name))
        .findFirst()
        .flatMap(PolicyKind::object);
  }

  /** Whether objects of a kind are policies of some API, staged ones among them. */
  public static boolean isPolicy(Kind kind) {
    return kind != Kind.PROFILE
        && Arrays.stream(PolicyKind.values())
            .anyMatch(policy -> policy.object().filter(kind::equals).isPresent());
  }

  /** What flow records call a kind of object. */
  public static String of(Kind kind) {
    return Arrays.stream(PolicyKind.values())
        .filter(candidate -> candidate.object().filter(kind::equals).isPresent())
        .map(PolicyKind::goldmaneName)
        .findFirst()
        .orElse(kind.kind());
  }

  /**
   * The policy that a path names.
   *
   * @throws HttpFailure 404 for a kind that stands for no object
   */
  static ResourceKey key(Exchange exchange) {
    return key(exchange.path("kind"), exchange.path("namespace"), exchange.path("name"));
  }

  static ResourceKey key(String kind, String namespace, String name) {
    Kind known = kind(kind).orElseThrow(() -> notFound(kind, namespace, name));
    return new ResourceKey(known, namespace.equals(FlowPeer.NO_NAMESPACE) ? "" : namespace, name);
  }

  static HttpFailure notFound(ResourceKey key) {
    return notFound(of(key.kind()), key.namespace(), key.name());
  }

  private static HttpFailure notFound(String kind, String namespace, String name) {
    boolean clusterWide = namespace.isEmpty() || namespace.equals(FlowPeer.NO_NAMESPACE);
    return HttpFailure.notFound(
        "there is no %s %s".formatted(kind, clusterWide ? name : namespace + "/" + name));
  }
}
