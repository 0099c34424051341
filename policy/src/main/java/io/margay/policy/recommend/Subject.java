package io.margay.policy.recommend;

import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.selector.Selector;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one policy is for.
 *
 * @param namespace empty for a host
 * @param name of the workload or host endpoint; empty for all of a namespace
 * @param labels of the workload or host endpoint; empty for all of a namespace
 */
record Subject(String namespace, String name, Map<String, String> labels)
    implements Comparable<Subject> {
  private static final int LONGEST_BASE = 200;

  private static final Selector NO_POD = Selector.parse("!has(projectcalico.org/namespace)");

  private static final Comparator<Subject> ORDER =
      Comparator.comparing(Subject::namespace)
          .thenComparing(Subject::name)
          .thenComparing(subject -> subject.selector().canonical());

  /** Pods may have the labels of a host: they are told apart by having a namespace. */
  Selector selector() {
    if (name.isEmpty()) {
      return Selector.all();
    }
    return isHost() ? Far.allOf(labels).and(NO_POD) : Far.allOf(labels);
  }

  boolean isWorkload() {
    return !name.isEmpty() && !isHost();
  }

  boolean isHost() {
    return namespace.isEmpty();
  }

  /** The policy that is recommended for it. */
  ResourceKey staged() {
    return policy(isHost() ? Kind.STAGED_GLOBAL_NETWORK_POLICY : Kind.STAGED_NETWORK_POLICY);
  }

  /** What becomes of the recommended policy when it is enforced. */
  ResourceKey enforced() {
    return policy(isHost() ? Kind.GLOBAL_NETWORK_POLICY : Kind.NETWORK_POLICY);
  }

  private ResourceKey policy(Kind kind) {
    return new ResourceKey(kind, namespace, policyName());
  }

  /**
   * What its labels say and five characters that depend on all of what it is, so that re-learning
   * finds it. The workload's own name would not outlive a rollout.
   */
  private String policyName() {
    String said = !name.isEmpty() ? String.join("-", new TreeMap<>(labels).values()) : namespace;
    String readable =
        said.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String base = readable.substring(0, Math.min(readable.length(), LONGEST_BASE));
    String suffix = suffix();
    return base.isEmpty() ? suffix : base + "-" + suffix;
  }

  private String suffix() {
    String text =
        (isHost() ? "host " : isWorkload() ? "workload " : "namespace ")
            + namespace
            + " "
            + selector().canonical();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 5);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  @Override
  public int compareTo(Subject other) {
    return ORDER.compare(this, other);
  }

  /** {@code shop/web-*}, {@code namespace shop} or {@code host endpoint node-1}. */
  @Override
  public String toString() {
    if (isHost()) {
      return "host endpoint " + name;
    }
    return isWorkload() ? namespace + "/" + name : "namespace " + namespace;
  }
}
