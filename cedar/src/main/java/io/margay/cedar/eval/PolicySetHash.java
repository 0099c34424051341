package io.margay.cedar.eval;

import io.margay.cedar.ast.Policy;
import io.margay.cedar.text.PolicyPrinter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * Names a policy set by what it says, wherever and however the policies were written: SHA-256 over
 * 256 groups, each the SHA-256 of its policies' hashes in order. The first byte of a policy's hash
 * says its group, so that a change of one policy makes one group anew. Immutable.
 */
final class PolicySetHash {
  private static final int GROUPS = 256;
  private static final HexFormat HEX = HexFormat.of();

  private final List<List<String>> groups;
  private final List<String> groupHashes;
  private final String hash;

  private PolicySetHash(List<List<String>> groups, List<String> groupHashes) {
    this.groups = groups;
    this.groupHashes = groupHashes;
    this.hash = digest(groupHashes);
  }

  /** The hash of a set, of the hashes of its policies. */
  static PolicySetHash of(Collection<String> policyHashes) {
    List<List<String>> groups = new ArrayList<>();
    for (int i = 0; i < GROUPS; i++) {
      groups.add(new ArrayList<>());
    }
    policyHashes.forEach(one -> groups.get(group(one)).add(one));
    groups.forEach(Collections::sort);
    return new PolicySetHash(groups, groups.stream().map(PolicySetHash::digest).toList());
  }

  /** The hash of one policy with its id. */
  static String of(Policy policy) {
    return digest(List.of(policy.id(), PolicyPrinter.print(policy)));
  }

  PolicySetHash with(String policyHash) {
    List<String> group = new ArrayList<>(groups.get(group(policyHash)));
    group.add(policyHash);
    Collections.sort(group);
    return replaced(group(policyHash), group);
  }

  PolicySetHash without(String policyHash) {
    List<String> group = new ArrayList<>(groups.get(group(policyHash)));
    group.remove(policyHash);
    return replaced(group(policyHash), group);
  }

  private PolicySetHash replaced(int number, List<String> group) {
    List<List<String>> changed = new ArrayList<>(groups);
    List<String> hashes = new ArrayList<>(groupHashes);
    changed.set(number, group);
    hashes.set(number, digest(group));
    return new PolicySetHash(changed, hashes);
  }

  private static int group(String policyHash) {
    return HexFormat.fromHexDigits(policyHash, 0, 2);
  }

  /** Each text with its length before it, so that no two sequences of texts are the same bytes. */
  private static String digest(List<String> texts) {
    MessageDigest digest = sha256();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
    return HEX.formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** In hexadecimal digits. */
  @Override
  public String toString() {
    return hash;
  }
}
