package io.margay.agents.identity;

import io.margay.agents.call.Caller;
import io.margay.agents.identity.exchange.DpopProofs;
import io.margay.agents.identity.exchange.Grant;
import io.margay.agents.identity.exchange.HopTokens;
import io.margay.agents.identity.exchange.SingleUse;
import io.margay.agents.identity.revocation.Revocation;
import io.margay.agents.identity.revocation.Revocations;
import io.margay.agents.identity.spiffe.JwtSvid;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svid;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.BoundedCache;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerifiedToken;
import io.margay.agents.identity.user.UserTokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Says who calls, from what the call shows: the agent by its SVID, the person by a token. Nothing
 * that an agent merely claims enters the answer. Of many threads at a time.
 */
public final class CallerVerifier {
  private final Parts parts;

  /** By a token's hash, whether it is a hop token: saves reading known tokens again. */
  private final BoundedCache<String, VerifiedToken.Kind> kinds = new BoundedCache<>(10_000);

  /** Who checks what. */
  public record Parts(
      X509Svids x509Svids,
      JwtSvids jwtSvids,
      UserTokens userTokens,
      HopTokens hopTokens,
      DpopProofs dpop,
      SingleUse singleUse,
      Revocations revocations) {}

  /**
   * The agent, as its SVID says.
   *
   * @param certificate thumbprint of the certificate whose key it proved to have; empty without
   */
  private record Agent(SpiffeId id, Instant expires, Optional<String> certificate) {}

  /** A token, and the key that the caller proved to have by DPoP. */
  private record Shown(VerifiedToken token, Optional<Confirmation.Key> key) {}

  public CallerVerifier(Parts parts) {
    this.parts = parts;
  }

  /** Never throws for what a caller sent. */
  public Verification verify(Presented presented) {
    return verify(presented, () -> token(presented));
  }

  /**
   * As {@link #verify(Presented)}, with a token that was shown for exchange and not for a call.
   *
   * @param key that the client proved to have, and to which the new token will be bound
   */
  public Verification verifySubject(
      Presented presented, String subjectToken, Optional<Confirmation.Key> key) {
    return verify(
        presented,
        () -> {
          VerifiedToken token = read(subjectToken);
          boolean bound = token.confirmation().isPresent();
          return Optional.of(new Shown(token, bound ? key : Optional.empty()));
        });
  }

  /** The agent that calls, whatever token it shows; empty when it cannot be told. */
  public Optional<SpiffeId> workload(Presented presented) {
    try {
      return agent(presented).map(Agent::id);
    } catch (RefusedTokenException e) {
      return Optional.empty();
    }
  }

  /** Reads the token that came with a call. */
  @FunctionalInterface
  private interface TokenSource {
    Optional<Shown> read() throws RefusedTokenException;
  }

  private Verification verify(Presented presented, TokenSource source) {
    try {
      Optional<Agent> known = agent(presented);
      if (known.isEmpty()) {
        return new Verification.Refused(
            401, "", "no client certificate and no JWT-SVID says which agent calls");
      }
      Agent agent = known.get();
      Optional<Shown> shown = source.read();
      Grant grant =
          shown.isPresent()
              ? grant(agent, shown.get(), presented)
              : Grant.ofAgent(agent.id, agent.expires);
      return accept(agent, grant);
    } catch (RefusedTokenException e) {
      return invalid(e);
    }
  }

  private static Verification.Refused invalid(RefusedTokenException e) {
    return new Verification.Refused(401, "invalid_token", e.reason());
  }

  private Optional<Agent> agent(Presented presented) throws RefusedTokenException {
    Optional<Agent> agent = Optional.empty();
    if (!presented.certificates().isEmpty()) {
      X509Svid svid = parts.x509Svids.verify(presented.certificates(), X509Svids.Role.CLIENT);
      agent = Optional.of(new Agent(svid.id(), svid.expires(), Optional.of(svid.thumbprint())));
    }
    if (presented.workloadToken().isPresent()) {
      JwtSvid svid = parts.jwtSvids.verify(presented.workloadToken().get(), presented.audiences());
      if (agent.isPresent() && !agent.get().id.equals(svid.id())) {
        throw new RefusedTokenException("JWT-SVID: of another agent than the certificate");
      }
      if (agent.isEmpty()) {
        agent = Optional.of(new Agent(svid.id(), svid.expires(), Optional.empty()));
      }
    }
    return agent;
  }

  private Optional<Shown> token(Presented presented) throws RefusedTokenException {
    if (presented.authorization().isEmpty()) {
      return Optional.empty();
    }
    String header = presented.authorization().get();
    int space = header.indexOf(' ');
    String scheme = space < 0 ? "" : header.substring(0, space).toLowerCase(Locale.ROOT);
    String text = header.substring(space + 1).strip();
    Optional<Confirmation.Key> key =
        switch (scheme) {
          case "bearer" -> Optional.empty();
          case "dpop" -> Optional.of(proven(presented, text));
          default -> throw new RefusedTokenException("Authorization: neither Bearer nor DPoP");
        };
    return Optional.of(new Shown(read(text), key));
  }

  private Confirmation.Key proven(Presented presented, String token) throws RefusedTokenException {
    String proof =
        presented
            .dpop()
            .orElseThrow(() -> new RefusedTokenException("DPoP proof: the header is missing"));
    return parts.dpop.verify(proof, presented.method(), presented.address(), token);
  }

  private VerifiedToken read(String text) throws RefusedTokenException {
    if (text.length() > SignedToken.MAX_CHARACTERS) {
      throw new RefusedTokenException(
          "token: longer than " + SignedToken.MAX_CHARACTERS + " characters");
    }
    String hash = SignedToken.hash(text);
    VerifiedToken.Kind kind = kinds.get(hash);
    if (kind == null) {
      String issuer = SignedToken.read("token", text).claims().string("iss");
      kind =
          issuer.equals(parts.hopTokens.issuer())
              ? VerifiedToken.Kind.HOP
              : VerifiedToken.Kind.USER;
    }
    VerifiedToken token =
        switch (kind) {
          case HOP -> parts.hopTokens.verify(text);
          case USER -> parts.userTokens.verify(text);
        };
    kinds.put(hash, kind);
    return token;
  }

  private Grant grant(Agent agent, Shown shown, Presented presented) throws RefusedTokenException {
    VerifiedToken token = shown.token;
    if (token.mayAct().isPresent() && !token.mayAct().get().equals(agent.id.toString())) {
      throw new RefusedTokenException("user token: is for another agent (may_act)");
    }
    boolean received =
        switch (token.kind()) {
          case USER -> {
            checkHolder(agent, shown);
            yield true;
          }
          case HOP -> checkHop(agent, shown, presented);
        };
    if (token.singleUse()) {
      parts.singleUse.use("hop token", token.lineage().id(), token.issued(), token.expires());
    }
    return new Grant(Optional.of(token), agent.id, agent.expires, received);
  }

  /**
   * A hop token is of use to two only: the agent that it was sent to, which proves its name by its
   * SVID, and the holder of the key that it is bound to. Whoever steals one is neither.
   *
   * @return whether it was sent to the agent
   */
  private static boolean checkHop(Agent agent, Shown shown, Presented presented)
      throws RefusedTokenException {
    VerifiedToken token = shown.token;
    if (token.audience().contains(agent.id.toString())) {
      if (agent.certificate.isEmpty()) {
        // A JWT-SVID can be stolen together with the token.
        throw new RefusedTokenException("hop token: is taken from clients with a certificate only");
      }
      return true;
    }
    if (!token.lineage().actors().getLast().equals(agent.id.toString())) {
      throw new RefusedTokenException("hop token: was not issued to this agent, nor for it");
    }
    checkHolder(agent, shown);
    if (token.audience().stream().noneMatch(presented.audiences()::contains)) {
      throw new RefusedTokenException("hop token: for another audience (aud)");
    }
    return false;
  }

  /** Checks that the caller has the key that the token is bound to. */
  private static void checkHolder(Agent agent, Shown shown) throws RefusedTokenException {
    Optional<Confirmation> confirmation = shown.token.confirmation();
    if (confirmation.isEmpty()) {
      if (shown.key.isPresent()) {
        throw new RefusedTokenException("token: came with a DPoP proof, but is bound to no key");
      }
      return;
    }
    boolean proven =
        switch (confirmation.get()) {
          case Confirmation.Certificate certificate ->
              agent.certificate.equals(Optional.of(certificate.thumbprint()));
          case Confirmation.Key key -> shown.key.equals(Optional.of(key));
        };
    if (!proven) {
      throw new RefusedTokenException(
          "token: is bound to a key that the caller did not prove (cnf)");
    }
  }

  private Verification accept(Agent agent, Grant grant) {
    List<String> chain = grant.chain();
    Optional<VerifiedToken> token = grant.parent();
    List<String> ids = new ArrayList<>();
    token.ifPresent(one -> ids.addAll(one.lineage().ancestorsOfChild()));
    Optional<Revocation> revocation =
        parts.revocations.find(chain, token.flatMap(VerifiedToken::user), ids);
    if (revocation.isPresent()) {
      return revoked(revocation.get());
    }
    if (token.isPresent() && chain.size() > token.get().lineage().depthMax()) {
      return new Verification.Refused(
          403,
          "insufficient_scope",
          "the task went through "
              + chain.size()
              + " agents; "
              + token.get().lineage().depthMax()
              + " are allowed");
    }
    Caller caller =
        new Caller(
            agent.id.toString(),
            token.flatMap(VerifiedToken::user),
            chain,
            token.map(one -> one.lineage().id()).orElse(""),
            token.map(VerifiedToken::scope).orElse(List.of()));
    Instant expires =
        token
            .map(VerifiedToken::expires)
            .filter(end -> end.isBefore(agent.expires))
            .orElse(agent.expires);
    return new Verification.Accepted(caller, grant, expires);
  }

  private static Verification.Refused revoked(Revocation revocation) {
    return switch (revocation.kind()) {
      case AGENT ->
          new Verification.Refused(
              403,
              "access_denied",
              "agent " + revocation.name() + " is halted: " + revocation.reason());
      case USER ->
          new Verification.Refused(
              403, "access_denied", "the user is blocked: " + revocation.reason());
      case TOKEN ->
          new Verification.Refused(
              401, "invalid_token", "the token is revoked: " + revocation.reason());
    };
  }
}
