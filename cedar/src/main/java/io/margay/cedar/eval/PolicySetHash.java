package io.margay.cedar.eval;

import io.margay.cedar.ast.Policy;
import io.margay.cedar.text.PolicyPrinter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Names a policy set by what it says: SHA-256 over the hashes of its policies, ordered by id. Where
 * and how the policies were written makes no difference.
 */
final class PolicySetHash {
  private PolicySetHash() {}

  /** The hash of one policy with its id. */
  static String of(Policy policy) {
    MessageDigest digest = sha256();
    update(digest, policy.id());
    update(digest, PolicyPrinter.print(policy));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of a set, in hexadecimal digits. */
  static String of(List<String> policiesById) {
    MessageDigest digest = sha256();
    policiesById.forEach(hash -> update(digest, hash));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With the length before it, so that no two sequences of texts are the same bytes. */
  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
