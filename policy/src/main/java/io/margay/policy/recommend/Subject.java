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
 * @param name of the workload; empty for all of a namespace
 * @param labels of the workload; empty for all of a namespace
 */
record Subject(String namespace, String name, Map<String, String> labels)
    implements Comparable<Subject> {
  private static final int LONGEST_BASE = 200;

  private static final Comparator<Subject> ORDER =
      Comparator.comparing(Subject::namespace)
          .thenComparing(Subject::name)
          .thenComparing(subject -> subject.selector().canonical());

  Selector selector() {
    return isWorkload() ? Far.allOf(labels) : Selector.all();
  }

  boolean isWorkload() {
    return !name.isEmpty();
  }

  /** Its policy of this kind. */
  ResourceKey policy(Kind kind) {
    return new ResourceKey(kind, namespace, policyName());
  }

  /**
   * What its labels say and five characters that depend on all of what it is, so that re-learning
   * finds it. The workload's own name would not outlive a rollout.
   */
  private String policyName() {
    String said = isWorkload() ? String.join("-", new TreeMap<>(labels).values()) : namespace;
    String readable =
        said.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String base = readable.substring(0, Math.min(readable.length(), LONGEST_BASE));
    String suffix = suffix();
    return base.isEmpty() ? suffix : base + "-" + suffix;
  }

  private String suffix() {
    String text =
        (isWorkload() ? "workload " : "namespace ") + namespace + " " + selector().canonical();
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

  /** {@code shop/web-*}, or {@code namespace shop}. */
  @Override
  public String toString() {
    return isWorkload() ? namespace + "/" + name : "namespace " + namespace;
  }
}
