package io.margay.agents.identity.exchange;

import java.time.Instant;
import java.util.List;

/**
 * A token for one hop.
 *
 * @param token the JWT; secret, and never written anywhere
 * @param id its {@code jti}, for the audit
 * @param scope what it allows, sorted
 * @param depth how many agents it was handed through
 */
public record HopToken(String token, String id, Instant expires, List<String> scope, int depth) {

  public HopToken {
    scope = List.copyOf(scope);
  }

  /** Without the token itself, which must not reach a log. */
  @Override
  public String toString() {
    return "HopToken["
        + id
        + ", expires "
        + expires
        + ", scope "
        + scope
        + ", depth "
        + depth
        + "]";
  }
}
