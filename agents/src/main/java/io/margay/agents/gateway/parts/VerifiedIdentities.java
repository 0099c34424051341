package io.margay.agents.gateway.parts;

import io.margay.agents.call.Caller;
import io.margay.agents.gateway.HopTokens;
import io.margay.agents.gateway.Identities;
import io.margay.agents.gateway.Refusals;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.CallerVerifier;
import io.margay.agents.identity.Presented;
import io.margay.agents.identity.Verification;
import io.margay.agents.identity.exchange.ExchangeRefusedException;
import io.margay.agents.identity.http.OAuthMetadata;
import io.margay.agents.identity.token.Confirmation;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Callers by their certificates and tokens, and tokens for where they go. The caller's own token is
 * looked at once and goes no further.
 */
public final class VerifiedIdentities implements Identities, HopTokens {
  /** In which agents show a JWT-SVID that have no certificate for us. */
  private static final String WORKLOAD = "X-Workload-Token";

  private final CallerVerifier verifier;
  private final io.margay.agents.identity.exchange.HopTokens tokens;
  private final OAuthMetadata known;
  private final Supplier<Confirmation> holder;

  /** What all addresses here begin with. */
  private final String root;

  private final Refusals refusals;

  /**
   * @param known the gateway's name, which callers' tokens are for, and where it tells more
   * @param holder the certificate with which the gateway calls on
   */
  public VerifiedIdentities(
      CallerVerifier verifier,
      io.margay.agents.identity.exchange.HopTokens tokens,
      OAuthMetadata known,
      Supplier<Confirmation> holder,
      Refusals refusals) {
    this.verifier = verifier;
    this.tokens = tokens;
    this.known = known;
    this.root = known.name().resolve("/").toString();
    this.holder = holder;
    this.refusals = refusals;
  }

  @Override
  public Caller identify(Exchange exchange, String audience) throws Refusal {
    String name = known.name().toString();
    Optional<String> proof = exchange.header("DPoP");
    Presented presented =
        new Presented(
            exchange.certificates(),
            exchange.header(WORKLOAD),
            exchange.header(HttpHeader.AUTHORIZATION.asString()),
            proof,
            exchange.method(),
            // Only a proof is for an address, and hardly any call has one.
            proof.isPresent() ? address(exchange) : known.name(),
            Set.of(name, root + audience));
    return switch (verifier.verify(presented)) {
      case Verification.Accepted accepted -> {
        exchange.verified(accepted);
        yield accepted.caller();
      }
      case Verification.Refused refused -> {
        refusals.refused(verifier.workload(presented), audience, refused.reason());
        String metadata = known.addressOf(audience);
        throw new Refusal(
            refused.status(),
            refused.reason(),
            Map.of("WWW-Authenticate", refused.wwwAuthenticate(Optional.of(metadata))));
      }
    };
  }

  /**
   * Where the request goes, under our public name: the Host header is the client's word, and would
   * let a proof in that was made for somebody else.
   */
  private URI address(Exchange exchange) {
    return known.name().resolve(exchange.address().getRawPath());
  }

  @Override
  public Optional<String> forUpstream(Exchange exchange, Caller caller, String audience)
      throws Refusal {
    Verification.Accepted accepted =
        exchange.verified().orElseThrow(() -> new Refusal(401, "the caller was not verified"));
    try {
      return Optional.of(
          tokens
              .forUpstream(
                  accepted.grant(),
                  audience,
                  Set.copyOf(caller.scope()),
                  exchange.holder().orElseGet(holder))
              .token());
    } catch (ExchangeRefusedException e) {
      throw new Refusal(403, "no token for the next hop: " + e.getMessage());
    }
  }
}
