package io.margay.store.apiserver.registry;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Completes {@code generateName} prefixes. */
final class NameGenerator {
  /** No vowels, and nothing that looks like another: no words arise, and names can be dictated. */
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private static final int SUFFIX = 5;
  private static final int MAX_NAME = 253;

  private final RandomGenerator random = new SecureRandom();

  String after(String prefix) {
    StringBuilder name =
        new StringBuilder(prefix.substring(0, Math.min(prefix.length(), MAX_NAME - SUFFIX)));
    for (int i = 0; i < SUFFIX; i++) {
      name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return name.toString();
  }
}
