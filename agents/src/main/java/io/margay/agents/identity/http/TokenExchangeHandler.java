package io.margay.agents.identity.http;

import io.margay.agents.identity.CallerVerifier;
import io.margay.agents.identity.Presented;
import io.margay.agents.identity.Verification;
import io.margay.agents.identity.exchange.DpopProofs;
import io.margay.agents.identity.exchange.ExchangeRefusedException;
import io.margay.agents.identity.exchange.Grant;
import io.margay.agents.identity.exchange.HopToken;
import io.margay.agents.identity.exchange.HopTokens;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.RefusedTokenException;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The token endpoint for agents (RFC 8693): a user's token, or one that the agent received, becomes
 * a token for one audience that only this agent can use. The agent is named by its client
 * certificate or by a JWT-SVID as {@code actor_token}.
 *
 * <p>Beyond the RFC, {@code single_use=true} asks for a token that the gateway takes once.
 */
public final class TokenExchangeHandler extends Handler.Abstract {
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

  private final CallerVerifier callers;
  private final HopTokens tokens;
  private final DpopProofs dpop;
  private final RefusalObserver refusals;
  private final Config config;
  private final InstantSource clock;

  /**
   * Where it is.
   *
   * @param path of the endpoint
   * @param address of the endpoint as clients write it, for DPoP
   * @param audiences names of the gateway: of JWT-SVIDs and of tokens that are shown
   */
  public record Config(String path, URI address, Set<String> audiences) {

    public Config {
      audiences = Set.copyOf(audiences);
    }
  }

  public TokenExchangeHandler(
      Config config,
      CallerVerifier callers,
      HopTokens tokens,
      DpopProofs dpop,
      RefusalObserver refusals,
      InstantSource clock) {
    this.config = config;
    this.callers = callers;
    this.tokens = tokens;
    this.dpop = dpop;
    this.refusals = refusals;
    this.clock = clock;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!request.getHttpURI().getDecodedPath().equals(config.path)) {
      return false;
    }
    try {
      JsonAnswers.sendSecret(response, callback, 200, exchange(request));
    } catch (TokenErrorException e) {
      refusals.refused(request, e.reason());
      JsonAnswers.sendError(response, callback, e);
    } catch (IOException e) {
      // The client went away while it wrote.
      callback.failed(e);
    }
    return true;
  }

  private Map<String, Object> exchange(Request request) throws IOException, TokenErrorException {
    Form form = Form.read(request);
    checkTypes(form);
    String audience = audience(form);
    List<X509Certificate> certificates = PeerCertificates.of(request);
    Optional<Confirmation.Key> key = provenKey(request);
    Grant grant = grant(form, certificates, key);
    Confirmation holder = holder(certificates, key);
    HopToken token;
    try {
      token =
          tokens.exchange(
              grant,
              audience,
              form.words("scope"),
              holder,
              form.optional("single_use").equals(Optional.of("true")));
    } catch (ExchangeRefusedException e) {
      boolean later = e.error().equals(ExchangeRefusedException.UNAVAILABLE);
      throw new TokenErrorException(later ? 503 : 400, e.error(), e.reason());
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("access_token", token.token());
    answer.put("issued_token_type", ACCESS_TOKEN);
    answer.put("token_type", key.isPresent() ? "DPoP" : "Bearer");
    answer.put("expires_in", Duration.between(clock.instant(), token.expires()).toSeconds());
    answer.put("scope", String.join(" ", token.scope()));
    return answer;
  }

  private static void checkTypes(Form form) throws TokenErrorException {
    if (!form.required("grant_type").equals(GRANT)) {
      throw new TokenErrorException(400, "unsupported_grant_type", "grant_type is not " + GRANT);
    }
    String subject = form.required("subject_token_type");
    if (!subject.equals(ACCESS_TOKEN) && !subject.equals(JWT)) {
      throw TokenErrorException.invalidRequest(
          "subject_token_type is neither " + ACCESS_TOKEN + " nor " + JWT);
    }
    if (form.optional("actor_token").isPresent() != form.optional("actor_token_type").isPresent()
        || !form.optional("actor_token_type").orElse(JWT).equals(JWT)) {
      throw TokenErrorException.invalidRequest("an actor_token has actor_token_type " + JWT);
    }
    String requested = form.optional("requested_token_type").orElse(ACCESS_TOKEN);
    if (!requested.equals(ACCESS_TOKEN) && !requested.equals(JWT)) {
      throw TokenErrorException.invalidRequest(
          "requested_token_type is neither " + ACCESS_TOKEN + " nor " + JWT);
    }
  }

  /** RFC 8693 allows both, and several; here a token has one audience. */
  private static String audience(Form form) throws TokenErrorException {
    Optional<String> audience = form.optional("audience");
    Optional<String> resource = form.optional("resource");
    if (audience.isPresent() == resource.isPresent()) {
      throw TokenErrorException.invalidRequest("name one audience, or one resource");
    }
    return audience.or(() -> resource).orElseThrow();
  }

  private Optional<Confirmation.Key> provenKey(Request request) throws TokenErrorException {
    List<String> proofs = request.getHeaders().getValuesList("DPoP");
    if (proofs.isEmpty()) {
      return Optional.empty();
    }
    if (proofs.size() > 1) {
      throw new TokenErrorException(400, "invalid_dpop_proof", "more than one DPoP header");
    }
    try {
      return Optional.of(dpop.verify(proofs.getFirst(), "POST", config.address, ""));
    } catch (RefusedTokenException e) {
      throw new TokenErrorException(400, "invalid_dpop_proof", e.reason());
    }
  }

  private Grant grant(Form form, List<X509Certificate> certificates, Optional<Confirmation.Key> key)
      throws TokenErrorException {
    Presented presented =
        new Presented(
            certificates,
            form.optional("actor_token"),
            Optional.empty(),
            Optional.empty(),
            "POST",
            config.address,
            config.audiences);
    return switch (callers.verifySubject(presented, form.required("subject_token"), key)) {
      case Verification.Accepted accepted -> accepted.grant();
      case Verification.Refused refused ->
          throw refused.error().isEmpty()
              ? new TokenErrorException(401, "invalid_client", refused.reason())
              : new TokenErrorException(400, "invalid_grant", refused.reason());
    };
  }

  private static Confirmation holder(
      List<X509Certificate> certificates, Optional<Confirmation.Key> key)
      throws TokenErrorException {
    if (key.isPresent()) {
      return key.get();
    }
    if (certificates.isEmpty()) {
      throw TokenErrorException.invalidRequest(
          "a token is bound to a key: use a client certificate, or send a DPoP proof");
    }
    try {
      return new Confirmation.Certificate(X509Svids.thumbprint(certificates.getFirst()));
    } catch (RefusedTokenException e) {
      throw TokenErrorException.invalidRequest(e.reason());
    }
  }
}
