package io.margay.agents.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.margay.agents.identity.exchange.DpopProofs;
import io.margay.agents.identity.exchange.HopToken;
import io.margay.agents.identity.exchange.HopTokens;
import io.margay.agents.identity.exchange.SingleUse;
import io.margay.agents.identity.revocation.MemoryRevocations;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.RotatingKeys;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.identity.user.UserTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A trust domain, an identity provider and a gateway, with a clock that tests turn. */
public final class World implements AutoCloseable {
  public static final String GATEWAY = "https://gateway.shop.example";
  public static final String ISSUER = "https://id.shop.example";
  public static final String CRM = "https://crm.shop.example/mcp";

  public final TurnedClock clock = new TurnedClock();
  public final SpiffeAuthority authority;
  public final RotatingKeys userKeys;
  public final KeyServer keyServer;
  public final UserTokens userTokens;
  public final RotatingKeys hopKeys;
  public final HopTokens hopTokens;
  public final MemoryRevocations revocations = new MemoryRevocations(clock);
  public final SingleUse singleUse = new SingleUse(1000, clock);
  public final DpopProofs dpop = new DpopProofs(singleUse, clock);
  public final CallerVerifier verifier;

  /** What the audit was told. */
  public final List<HopToken> issued = new CopyOnWriteArrayList<>();

  public volatile boolean recordable = true;
  private final Map<String, IssuedX509> agents = new HashMap<>();

  public World(Path directory) throws IOException {
    KeyRotation.Timing timing = new KeyRotation.Timing(Duration.ofDays(1), Duration.ofMinutes(30));
    authority =
        SpiffeAuthority.open(
            directory.resolve("spiffe"), SpiffeAuthority.Config.of("shop.example"), clock);
    userKeys = RotatingKeys.inMemory(timing, clock);
    keyServer =
        new KeyServer(() -> JSONObjectUtils.toJSONString(userKeys.publicKeys().toJSONObject(true)));
    userTokens =
        new UserTokens(
            List.of(trustedIssuer()), new UserTokens.Limits(Duration.ofSeconds(10), 5), clock);
    hopKeys = RotatingKeys.inMemory(timing, clock);
    hopTokens =
        new HopTokens(
            new HopTokens.Config(GATEWAY, Duration.ofMinutes(5), 5, Set.of(GATEWAY)),
            hopKeys,
            (grant, audience, token) -> {
              if (!recordable) {
                throw new IOException("disk full");
              }
              issued.add(token);
            },
            clock);
    verifier =
        new CallerVerifier(
            new CallerVerifier.Parts(
                new X509Svids(authority::bundles, clock),
                new JwtSvids(authority::bundles, clock, Duration.ofSeconds(5)),
                userTokens,
                hopTokens,
                dpop,
                singleUse,
                revocations));
  }

  /** The identity provider, with its keys where they are. */
  public final TrustedIssuer trustedIssuer() {
    return new TrustedIssuer(
        ISSUER,
        Set.of(GATEWAY),
        Optional.of(keyServer.address()),
        SignedToken.ALGORITHMS,
        "groups",
        Set.of("at+jwt"));
  }

  /**
   * A DPoP proof of now.
   *
   * @param token that goes with it; empty at the token endpoint
   */
  public String proof(ECKey key, String method, String address, String token) throws JOSEException {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("htm", method);
    claims.put("htu", address);
    claims.put("iat", clock.instant().getEpochSecond());
    claims.put("jti", UUID.randomUUID().toString());
    if (!token.isEmpty()) {
      claims.put("ath", SignedToken.hash(token));
    }
    JWSObject jws =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK())
                .build(),
            new Payload(claims));
    jws.sign(new ECDSASigner(key));
    return jws.serialize();
  }

  public static SpiffeId id(String agent) {
    return SpiffeId.of("spiffe://shop.example/agent/" + agent);
  }

  /** An agent's SVID: the same one until it has expired. */
  public IssuedX509 agent(String name) {
    return agents.compute(
        name, (one, known) -> isGood(known) ? known : authority.issueX509(id(one)));
  }

  private boolean isGood(@Nullable IssuedX509 svid) {
    return svid != null
        && svid.chain().getFirst().getNotAfter().toInstant().isAfter(clock.instant());
  }

  public Confirmation holder(String agent) {
    try {
      return new Confirmation.Certificate(X509Svids.thumbprint(agent(agent).chain().getFirst()));
    } catch (RefusedTokenException e) {
      throw new AssertionError(e);
    }
  }

  /** Claims of a good user token. */
  public Map<String, Object> userClaims() {
    Instant now = clock.instant();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("sub", "alice");
    claims.put("aud", GATEWAY);
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.plusSeconds(1800).getEpochSecond());
    claims.put("jti", "user-token-1");
    claims.put("scope", "read:customers write:customers send:mail");
    claims.put("groups", List.of("support"));
    return claims;
  }

  public String userToken() {
    return userKeys.sign("at+jwt", userClaims());
  }

  /** A call of an agent with a token. */
  public Verification call(String agent, String token) {
    return verifier.verify(
        Presented.overTls(
            agent(agent).chain(), Optional.of("Bearer " + token), Set.of(GATEWAY, CRM)));
  }

  public Verification.Accepted accepted(String agent, String token) {
    return switch (call(agent, token)) {
      case Verification.Accepted accepted -> accepted;
      case Verification.Refused refused -> throw new AssertionError(refused.reason());
    };
  }

  public static Verification.Refused refused(Verification verification) {
    return switch (verification) {
      case Verification.Refused refused -> refused;
      case Verification.Accepted accepted -> throw new AssertionError("accepted " + accepted);
    };
  }

  @Override
  public void close() {
    userTokens.close();
    keyServer.close();
  }
}
