package io.margay.agents.gateway.parts;

import io.margay.agents.call.Caller;
import io.margay.agents.gateway.HopTokens;
import io.margay.agents.gateway.Identities;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.CallerVerifier;
import io.margay.agents.identity.Presented;
import io.margay.agents.identity.Verification;
import io.margay.agents.identity.exchange.ExchangeRefusedException;
import io.margay.agents.identity.http.PeerCertificates;
import io.margay.agents.identity.token.Confirmation;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Callers by their certificates and tokens, and tokens for where they go. The caller's own token is
 * looked at once and goes no further.
 */
public final class VerifiedIdentities implements Identities, HopTokens {
  private static final String GRANT = VerifiedIdentities.class.getName();

  /** In which agents show a JWT-SVID that have no certificate for us. */
  private static final String WORKLOAD = "X-Workload-Token";

  private final CallerVerifier verifier;
  private final io.margay.agents.identity.exchange.HopTokens tokens;
  private final String name;
  private final Supplier<Confirmation> holder;

  /**
   * @param name of the gateway, which callers' tokens are for
   * @param holder the certificate with which the gateway calls on
   */
  public VerifiedIdentities(
      CallerVerifier verifier,
      io.margay.agents.identity.exchange.HopTokens tokens,
      String name,
      Supplier<Confirmation> holder) {
    this.verifier = verifier;
    this.tokens = tokens;
    this.name = name;
    this.holder = holder;
  }

  @Override
  public Caller identify(Request request, String audience) throws Refusal {
    Presented presented =
        new Presented(
            PeerCertificates.of(request),
            header(request, WORKLOAD),
            header(request, HttpHeader.AUTHORIZATION.asString()),
            header(request, "DPoP"),
            request.getMethod(),
            URI.create(name),
            Set.of(name));
    return switch (verifier.verify(presented)) {
      case Verification.Accepted accepted -> {
        request.setAttribute(GRANT, accepted);
        yield accepted.caller();
      }
      case Verification.Refused refused ->
          throw new Refusal(
              refused.status(),
              refused.reason(),
              Map.of("WWW-Authenticate", refused.wwwAuthenticate(Optional.empty())));
    };
  }

  private static Optional<String> header(Request request, String name) throws Refusal {
    var values = request.getHeaders().getValuesList(name);
    if (values.size() > 1) {
      throw new Refusal(400, "the header " + name + " stands in the request twice");
    }
    return values.stream().findFirst();
  }

  @Override
  public Optional<String> forUpstream(Request request, Caller caller, String audience)
      throws Refusal {
    if (!(request.getAttribute(GRANT) instanceof Verification.Accepted accepted)) {
      throw new Refusal(401, "the caller was not verified");
    }
    try {
      return Optional.of(
          tokens
              .forUpstream(accepted.grant(), audience, Set.copyOf(caller.scope()), holder.get())
              .token());
    } catch (ExchangeRefusedException e) {
      throw new Refusal(403, "no token for the next hop: " + e.getMessage());
    }
  }
}
