package io.margay.dataplane.nftables;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain and its rules.
 *
 * @param hook where the kernel enters a base chain; null for chains that others jump to
 */
record Chain(@Nullable Hook hook, List<Rule> rules) {
  Chain {
    rules = List.copyOf(rules);
  }

  static Chain of(String... rules) {
    return of(Arrays.asList(rules));
  }

  static Chain of(List<String> rules) {
    return new Chain(null, rules.stream().map(Rule::of).toList());
  }

  static Chain ofRules(List<Rule> rules) {
    return new Chain(null, rules);
  }

  static Chain base(Hook hook, List<String> rules) {
    return new Chain(hook, rules.stream().map(Rule::of).toList());
  }

  /** A point in the kernel's packet path. */
  record Hook(String name, int priority) {
    String declaration() {
      return "{ type filter hook " + name + " priority " + priority + "; policy accept; }";
    }
  }

  /**
   * A rule. Rules are the same when their digests are: the kernel hands back a rule in other words
   * than it was given, but a comment exactly as it was, so the digest travels as comment.
   *
   * @param direct what can be sent without nft; null for other rules
   */
  record Rule(String text, String digest, @Nullable PortRule direct) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    static Rule of(String text) {
      return new Rule(text, digest(text), null);
    }

    static Rule of(PortRule rule) {
      return new Rule(rule.text(), digest(rule.text()), rule);
    }

    private static String digest(String text) {
      long hash = FNV_OFFSET;
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        hash = (hash ^ (b & 0xff)) * FNV_PRIME;
      }
      return HexFormat.of().toHexDigits(hash);
    }

    /** A rule of which only the comment was read back; empty for one that is not ours. */
    static Rule read(String digest) {
      return new Rule("", digest, null);
    }

    /** Whether the rule searches this set. */
    boolean looksInto(String set) {
      int at = text.indexOf("@" + set);
      int end = at + 1 + set.length();
      return at >= 0 && (end == text.length() || !Character.isJavaIdentifierPart(text.charAt(end)));
    }

    /** The same rule with another set. */
    Rule lookingInto(String set, String other) {
      return of(text.replace("@" + set, "@" + other));
    }

    String withComment() {
      return text + " comment \"" + digest + "\"";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Rule rule && rule.digest.equals(digest);
    }

    @Override
    public int hashCode() {
      return digest.hashCode();
    }
  }
}
