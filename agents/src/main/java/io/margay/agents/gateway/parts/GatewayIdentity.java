package io.margay.agents.gateway.parts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.agents.gateway.WellKnown.Document;
import io.margay.agents.identity.CallerVerifier;
import io.margay.agents.identity.exchange.DpopProofs;
import io.margay.agents.identity.exchange.HopTokens;
import io.margay.agents.identity.exchange.SingleUse;
import io.margay.agents.identity.http.OAuthMetadata;
import io.margay.agents.identity.http.PeerCertificates;
import io.margay.agents.identity.http.TokenExchangeHandler;
import io.margay.agents.identity.revocation.Revocations;
import io.margay.agents.identity.spiffe.BundleJson;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.TrustBundle;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.RotatingKeys;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.identity.user.UserTokens;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;

/** Who calls, the tokens with which calls go on, and what a gateway tells about both. */
final class GatewayIdentity implements AutoCloseable {
  private static final String TOKEN_PATH = "/token";

  /** Under {@code /.well-known/}. */
  private static final String BUNDLE = "spiffe-bundle";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration HOP_LIFETIME = Duration.ofMinutes(5);
  private static final Duration KEY_LIFETIME = Duration.ofDays(7);
  private static final Duration BUNDLE_REFRESH = Duration.ofMinutes(5);
  private static final int MOST_SINGLE_USE = 1_000_000;

  private final UserTokens users;
  private final VerifiedIdentities identities;
  private final Map<String, Document> documents;
  private final Handler tokenEndpoint;

  GatewayIdentity(
      AgentGateway.Settings settings,
      AgentGateway.Trust trust,
      Revocations revocations,
      TokenAudit audit,
      InstantSource clock)
      throws IOException {
    URI name = URI.create(settings.name());
    HopTokens tokens =
        new HopTokens(
            new HopTokens.Config(
                settings.name(),
                HOP_LIFETIME,
                UserTokens.Limits.DEFAULT.depthMax(),
                Set.of(settings.name())),
            RotatingKeys.inFile(
                settings.state().resolve("hop-keys.json"),
                new KeyRotation.Timing(KEY_LIFETIME, HOP_LIFETIME.plusMinutes(1)),
                clock),
            audit,
            clock);
    users = new UserTokens(trust.issuers(), UserTokens.Limits.DEFAULT, clock);
    SingleUse singleUse = new SingleUse(MOST_SINGLE_USE, clock);
    DpopProofs dpop = new DpopProofs(singleUse, clock);
    CallerVerifier verifier =
        new CallerVerifier(
            new CallerVerifier.Parts(
                trust.x509Svids(), trust.jwtSvids(), users, tokens, dpop, singleUse, revocations));
    OAuthMetadata known =
        new OAuthMetadata(
            name, TOKEN_PATH, trust.issuers().stream().map(TrustedIssuer::issuer).toList());
    identities = new VerifiedIdentities(verifier, tokens, known, new Holder(trust.own()), audit);
    documents =
        Map.of(
            OAuthMetadata.RESOURCE,
            (_, path) -> Optional.of(JSON.valueToTree(known.resource(path))),
            OAuthMetadata.SERVER,
            Document.alone(_ -> JSON.valueToTree(known.server())),
            OAuthMetadata.KEYS,
            Document.alone(_ -> JSON.valueToTree(tokens.publicKeys().toJSONObject(true))),
            BUNDLE,
            Document.alone(_ -> bundle(trust, settings.trustDomain(), clock)));
    tokenEndpoint =
        new TokenExchangeHandler(
            new TokenExchangeHandler.Config(
                TOKEN_PATH, name.resolve(TOKEN_PATH), Set.of(settings.name())),
            verifier,
            tokens,
            dpop,
            (request, reason) -> refused(trust.x509Svids(), audit, request, reason),
            clock);
  }

  /** Our certificate as tokens name it, worked out again only when there is another one. */
  private static final class Holder implements Supplier<Confirmation> {
    private final Supplier<IssuedX509> own;
    private volatile Named named;

    private record Named(IssuedX509 own, Confirmation confirmation) {

      static Named of(IssuedX509 own) {
        try {
          return new Named(
              own, new Confirmation.Certificate(X509Svids.thumbprint(own.chain().getFirst())));
        } catch (RefusedTokenException e) {
          throw new IllegalStateException("our own certificate has a thumbprint", e);
        }
      }
    }

    Holder(Supplier<IssuedX509> own) {
      this.own = own;
      this.named = Named.of(own.get());
    }

    @Override
    public Confirmation get() {
      IssuedX509 now = own.get();
      Named latest = named;
      if (latest.own() != now) {
        latest = Named.of(now);
        named = latest;
      }
      return latest.confirmation();
    }
  }

  private static JsonNode bundle(
      AgentGateway.Trust trust, String trustDomain, InstantSource clock) {
    TrustBundle bundle = trust.x509Svids().bundles().byDomain().get(trustDomain);
    if (bundle == null) {
      throw new IllegalStateException("there is no bundle of our own trust domain");
    }
    String json = BundleJson.write(bundle, clock.instant().getEpochSecond(), BUNDLE_REFRESH);
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("we wrote that bundle ourselves", e);
    }
  }

  private static void refused(X509Svids svids, TokenAudit audit, Request request, String reason) {
    Optional<SpiffeId> agent;
    try {
      agent = Optional.of(svids.verify(PeerCertificates.of(request), X509Svids.Role.CLIENT).id());
    } catch (RefusedTokenException e) {
      agent = Optional.empty();
    }
    audit.refused(agent, "token", reason);
  }

  VerifiedIdentities identities() {
    return identities;
  }

  /** What stands under {@code /.well-known/}. */
  Map<String, Document> documents() {
    return documents;
  }

  Handler tokenEndpoint() {
    return tokenEndpoint;
  }

  @Override
  public void close() {
    users.close();
  }
}
