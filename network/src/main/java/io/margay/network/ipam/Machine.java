package io.margay.network.ipam;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A virtual machine, whose addresses outlive its pods.
 *
 * @param network that the addresses are of; {@link #POD_NETWORK} unless a machine has more than one
 */
public record Machine(String network, String namespace, String name) {
  public static final String POD_NETWORK = "k8s-pod-network";

  private static final String INFIX = ".vmi.";
  private static final int LONGEST_HANDLE = 128;

  /** Whether a handle is a machine's. */
  public static boolean isHandle(String handle) {
    return handle.contains(INFIX);
  }

  /** A machine on the pod network. */
  public static Machine of(String namespace, String name) {
    return new Machine(POD_NETWORK, namespace, name);
  }

  /** The handle of the machine's addresses; names that are too long for it are hashed. */
  public String handle() {
    String prefix = network + INFIX;
    String rest = namespace + "." + name;
    int room = LONGEST_HANDLE - prefix.length();
    if (rest.length() <= room) {
      return prefix + rest;
    }
    String hash = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(rest));
    return prefix + "_" + hash.substring(0, Math.min(hash.length(), room - 1));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
