package io.margay.agents.identity;

import io.margay.agents.call.Caller;
import io.margay.agents.identity.exchange.Grant;
import java.time.Instant;
import java.util.Optional;

/** Whether we know who calls. */
public sealed interface Verification {

  /**
   * We do.
   *
   * @param grant what the caller can hand on, for the next hop's token
   * @param expires when the caller's identity or token does, whichever is first: a stream must not
   *     outlive it
   */
  record Accepted(Caller caller, Grant grant, Instant expires) implements Verification {}

  /**
   * We do not.
   *
   * @param status 401, or 403 for somebody whom we know and do not let in
   * @param error RFC 6750's code; empty when nothing was shown
   * @param reason one sentence
   */
  record Refused(int status, String error, String reason) implements Verification {

    /**
     * The header of the answer.
     *
     * @param resourceMetadata address of the protected resource's metadata (RFC 9728), where a
     *     client learns whom to ask for a token
     */
    public String wwwAuthenticate(Optional<String> resourceMetadata) {
      StringBuilder header = new StringBuilder("Bearer");
      String comma = " ";
      if (!error.isEmpty()) {
        header.append(" error=\"").append(error).append('"');
        header.append(", error_description=\"").append(quotable(reason)).append('"');
        comma = ", ";
      }
      if (resourceMetadata.isPresent()) {
        String address = quotable(resourceMetadata.get());
        header.append(comma).append("resource_metadata=\"").append(address).append('"');
      }
      return header.toString();
    }

    /** Reasons may repeat what a stranger sent. */
    private static String quotable(String text) {
      StringBuilder plain = new StringBuilder();
      for (int i = 0; i < text.length() && i < 300; i++) {
        char c = text.charAt(i);
        plain.append(c >= ' ' && c < 127 && c != '"' && c != '\\' ? c : '_');
      }
      return plain.toString();
    }
  }
}
