package io.margay.agents.identity.spiffe;

import io.margay.agents.identity.token.Claims;
import java.time.Instant;

/**
 * What a checked JWT-SVID proves.
 *
 * @param hash of the token
 */
public record JwtSvid(SpiffeId id, Instant expires, String hash, Claims claims) {}
