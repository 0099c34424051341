package io.margay.agents.identity.spiffe;

import java.time.Instant;

/**
 * What a checked certificate proves.
 *
 * @param thumbprint SHA-256 of the certificate, base64url: {@code x5t#S256}
 * @param expires when the first certificate of its chain does
 */
public record X509Svid(SpiffeId id, String thumbprint, Instant expires) {}
