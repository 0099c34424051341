package io.margay.agents.identity.revocation;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that is not trusted any more.
 *
 * @param name a SPIFFE id, a user's key ({@link #userKey}), or a token's {@code jti}
 * @param reason for the caller and the auditor
 * @param until when it may be forgotten, since its token has expired by then; empty for one that
 *     lasts until it is lifted
 */
public record Revocation(
    Kind kind, String name, String reason, Instant at, Optional<Instant> until) {

  /** What is revoked. */
  public enum Kind {
    /** An agent, wherever it is in the chain. */
    AGENT,
    /** All that is done on behalf of a person. */
    USER,
    /** A token, and all that were made from it. */
    TOKEN
  }

  /** Names a user: the same subject of another issuer is somebody else. */
  public static String userKey(String issuer, String subject) {
    return issuer + " " + subject;
  }
}
