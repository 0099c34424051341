package io.margay.agents.identity.http;

import io.margay.agents.call.Caller;
import io.margay.agents.gateway.Identities;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.CallerVerifier;
import io.margay.agents.identity.Presented;
import io.margay.agents.identity.Verification;
import io.margay.agents.identity.exchange.ExchangeRefusedException;
import io.margay.agents.identity.exchange.Grant;
import io.margay.agents.identity.exchange.HopToken;
import io.margay.agents.identity.exchange.HopTokens;
import io.margay.agents.identity.token.Confirmation;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;

/**
 * Verified identities at the gateway's doors: says who sends a request, and gives the token with
 * which it goes on.
 */
public final class GatewayIdentity implements Identities, io.margay.agents.gateway.HopTokens {
  /** Carries a JWT-SVID, of agents that TLS does not connect to us directly. */
  static final String WORKLOAD_HEADER = "Workload-Identity-Token";

  private static final String GRANT = GatewayIdentity.class.getName() + ".grant";

  private final Config config;
  private final CallerVerifier callers;
  private final HopTokens tokens;
  private final TokenExchangeHandler.Observer observer;

  /**
   * Where the gateway is, and how upstreams are called.
   *
   * @param base address of the gateway, without a slash at its end
   * @param metadata address of its protected-resource metadata (RFC 9728), if there is one
   * @param audience whom a token for {@code a2a/planner} or {@code mcp/crm} is for: an agent's
   *     SPIFFE id, so that it can hand the token on, or a URI; empty for the gateway's own address
   *     of it
   * @param certificate with which the gateway calls upstreams now
   */
  public record Config(
      URI base,
      Optional<String> metadata,
      Function<String, Optional<String>> audience,
      Supplier<Confirmation> certificate) {}

  public GatewayIdentity(
      Config config,
      CallerVerifier callers,
      HopTokens tokens,
      TokenExchangeHandler.Observer observer) {
    this.config = config;
    this.callers = callers;
    this.tokens = tokens;
    this.observer = observer;
  }

  @Override
  public Caller identify(Request request, String audience) throws Refusal {
    Presented presented =
        new Presented(
            PeerCertificates.of(request),
            single(request, WORKLOAD_HEADER),
            single(request, "Authorization"),
            single(request, "DPoP"),
            request.getMethod(),
            URI.create(config.base + request.getHttpURI().getPath()),
            audiences(audience));
    return switch (callers.verify(presented)) {
      case Verification.Accepted accepted -> {
        request.setAttribute(GRANT, accepted.grant());
        yield accepted.caller();
      }
      case Verification.Refused refused ->
          throw new Refusal(
              refused.status(),
              refused.reason(),
              Map.of("WWW-Authenticate", refused.wwwAuthenticate(config.metadata)));
    };
  }

  private Set<String> audiences(String target) {
    Set<String> audiences = new HashSet<>();
    audiences.add(config.base.toString());
    audiences.add(upstream(target));
    return audiences;
  }

  private String upstream(String target) {
    return config.audience.apply(target).orElse(config.base + "/" + target);
  }

  /** Two of a kind are read differently by different readers. */
  private static Optional<String> single(Request request, String name) throws Refusal {
    List<String> values = request.getHeaders().getValuesList(name);
    if (values.size() > 1) {
      throw new Refusal(400, "the header " + name + " stands in the request twice");
    }
    return values.stream().findFirst();
  }

  @Override
  public Optional<String> forUpstream(Request request, Caller caller, String target)
      throws Refusal {
    if (!(request.getAttribute(GRANT) instanceof Grant grant)) {
      throw new Refusal(500, "the caller of this request was never verified");
    }
    String audience = upstream(target);
    try {
      HopToken token =
          tokens.forUpstream(grant, audience, Set.copyOf(caller.scope()), config.certificate.get());
      observer.issued(grant, audience, token);
      return Optional.of(token.token());
    } catch (ExchangeRefusedException e) {
      throw new Refusal(403, e.reason());
    } catch (IOException e) {
      throw new Refusal(503, "the token for the next hop cannot be recorded");
    }
  }
}
