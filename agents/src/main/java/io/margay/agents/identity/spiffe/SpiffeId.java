package io.margay.agents.identity.spiffe;

import io.margay.agents.identity.token.RefusedTokenException;
import java.nio.charset.StandardCharsets;

/**
 * A workload's name: {@code spiffe://trust-domain/path}.
 *
 * @param trustDomain in lower case
 * @param path begins with a slash; empty for the trust domain itself
 */
public record SpiffeId(String trustDomain, String path) {
  /** The longest URI that implementations have to support, and the longest that we take. */
  public static final int MAX_BYTES = 2048;

  /** The longest authority part. */
  private static final int MAX_DOMAIN = 255;

  private static final String SCHEME = "spiffe://";

  /** Checks both parts. */
  public SpiffeId {
    checkDomain(trustDomain);
    checkPath(path);
    if (SCHEME.length() + trustDomain.length() + path.length() > MAX_BYTES) {
      throw new IllegalArgumentException("longer than " + MAX_BYTES + " bytes");
    }
  }

  /**
   * Reads an id, strictly: nothing is normalized, since two spellings of one name are two names.
   *
   * @throws RefusedTokenException with what is wrong, for an id that came from outside
   */
  public static SpiffeId parse(String text) throws RefusedTokenException {
    try {
      return of(text);
    } catch (IllegalArgumentException e) {
      throw new RefusedTokenException("SPIFFE id: " + e.getMessage());
    }
  }

  /**
   * As {@link #parse}, for an id that we or an operator wrote.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  public static SpiffeId of(String text) {
    if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new IllegalArgumentException("longer than " + MAX_BYTES + " bytes");
    }
    if (!text.startsWith(SCHEME)) {
      throw new IllegalArgumentException("does not start with spiffe://");
    }
    int slash = text.indexOf('/', SCHEME.length());
    return slash < 0
        ? new SpiffeId(text.substring(SCHEME.length()), "")
        : new SpiffeId(text.substring(SCHEME.length(), slash), text.substring(slash));
  }

  private static void checkDomain(String domain) {
    if (domain.isEmpty()) {
      throw new IllegalArgumentException("the trust domain is empty");
    }
    if (domain.length() > MAX_DOMAIN) {
      throw new IllegalArgumentException("the trust domain is longer than 255 characters");
    }
    for (int i = 0; i < domain.length(); i++) {
      char c = domain.charAt(i);
      if (!(isLower(c) || isDigit(c) || c == '.' || c == '-' || c == '_')) {
        throw new IllegalArgumentException(
            "a trust domain has only lower-case letters, digits, dots, dashes and underscores");
      }
    }
  }

  private static void checkPath(String path) {
    if (path.isEmpty()) {
      return;
    }
    if (path.charAt(0) != '/') {
      throw new IllegalArgumentException("a path begins with a slash");
    }
    for (String segment : path.substring(1).split("/", -1)) {
      checkSegment(segment);
    }
  }

  private static void checkSegment(String segment) {
    if (segment.isEmpty()) {
      throw new IllegalArgumentException("a path has no empty segments and no slash at its end");
    }
    if (segment.equals(".") || segment.equals("..")) {
      throw new IllegalArgumentException("a path has no segments . and ..");
    }
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (!(isLower(c) || c >= 'A' && c <= 'Z' || isDigit(c) || c == '.' || c == '-' || c == '_')) {
        throw new IllegalArgumentException(
            "a path has only letters, digits, dots, dashes and underscores");
      }
    }
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  @Override
  public String toString() {
    return SCHEME + trustDomain + path;
  }
}
