package io.margay.model.schema;

import io.margay.model.resource.CaBundle;
import io.margay.model.schema.Format.Violation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of text in the resources of agents. */
final class AgentFormats {
  private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");

  /** An id with a path: an agent is never a trust domain itself. */
  private static final Pattern SPIFFE =
      Pattern.compile("spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+");

  private static final int LONGEST_SPIFFE = 2_048;

  private AgentFormats() {}

  static @Nullable Violation definitionHash(String text) {
    return HASH.matcher(text).matches()
        ? null
        : new Violation("not a hash", "write sha256: and 64 hexadecimal digits in small letters");
  }

  static @Nullable Violation spiffeId(String text) {
    boolean dots = text.contains("/./") || text.contains("/../") || text.matches(".*/\\.{1,2}");
    return text.length() <= LONGEST_SPIFFE && !dots && SPIFFE.matcher(text).matches()
        ? null
        : new Violation(
            "not a SPIFFE id of a workload", "write one like spiffe://example.org/agent/a");
  }

  static @Nullable Violation caBundle(String text) {
    try {
      CaBundle.parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      return new Violation(
          String.valueOf(e.getMessage()),
          "write the authorities' certificates as base64 -w0 prints them for their PEM file");
    }
  }

  static @Nullable Violation httpUrl(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
        return null;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    return new Violation(
        "not an http or https URL without user and fragment",
        "write one like https://crm.example/mcp");
  }
}
