package io.margay.agents.identity.exchange;

import com.nimbusds.jose.jwk.JWKSet;
import io.margay.agents.call.User;
import io.margay.agents.identity.token.BoundedCache;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.Lineage;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.RotatingKeys;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerifiedToken;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Issues tokens for one hop. Whatever is asked for, a token has one audience, no scope that its
 * parent has not, an end no later than its parent's and its agent's, and a depth that we counted.
 *
 * <p>The same request gets the same token until shortly before it expires, since a signature costs
 * more than all else on a call's way. Of many threads at a time.
 */
public final class HopTokens {
  private static final int MAX_AUDIENCE = 2048;

  private final Config config;
  private final RotatingKeys keys;
  private final IssueObserver observer;
  private final InstantSource clock;
  private final HopTokenCheck check;
  private final SecureRandom random = new SecureRandom();
  private final BoundedCache<Request, Issued> issued = new BoundedCache<>(10_000);

  /**
   * How tokens are issued.
   *
   * @param issuer our name: {@code iss}, an https URL
   * @param lifetime the longest life of a token
   * @param depthMax of chains that begin without a user's token
   * @param ownAudiences names of the gateway itself: only a token for one of these may become one
   *     for another audience while its holder stays the same
   */
  public record Config(String issuer, Duration lifetime, int depthMax, Set<String> ownAudiences) {

    public Config {
      ownAudiences = Set.copyOf(ownAudiences);
    }
  }

  private record Request(
      String parent,
      String agent,
      boolean received,
      String audience,
      List<String> scope,
      Confirmation holder) {}

  private record Issued(HopToken token, Instant renew) {}

  /** Issues without telling anybody. */
  public HopTokens(Config config, RotatingKeys keys, InstantSource clock) {
    this(config, keys, (grant, audience, token) -> {}, clock);
  }

  /**
   * @param observer is told of each token before it is given out; a token that is used again is not
   *     issued again
   */
  public HopTokens(Config config, RotatingKeys keys, IssueObserver observer, InstantSource clock) {
    this.config = config;
    this.observer = observer;
    this.keys = keys;
    this.clock = clock;
    this.check = new HopTokenCheck(config.issuer, keys, clock);
  }

  public String issuer() {
    return config.issuer;
  }

  /** Public keys with which upstreams check our tokens. */
  public JWKSet publicKeys() {
    return keys.publicKeys();
  }

  /** Checks a token that we, or a gateway with our keys, issued. */
  public VerifiedToken verify(String token) throws RefusedTokenException {
    return check.verify(token);
  }

  /**
   * The token with which a call goes on. That the caller's own is for this call was checked with
   * the caller.
   *
   * @param audience the upstream, an absolute URI
   * @param scope what the call needs; what the parent does not have is left out
   * @param holder who will show it: the certificate with which we call the upstream
   */
  public HopToken forUpstream(Grant grant, String audience, Set<String> scope, Confirmation holder)
      throws ExchangeRefusedException {
    List<String> narrowed = narrow(grant, scope);
    Request request =
        new Request(
            grant.parentHash(),
            grant.agent().toString(),
            grant.received(),
            audience,
            narrowed,
            holder);
    Issued known = issued.get(request);
    if (known != null
        && clock.instant().isBefore(known.renew)
        && !known.token.expires().isAfter(grant.expires())) {
      return known.token;
    }
    HopToken fresh = issue(grant, audience, narrowed, holder, false);
    boolean capped =
        fresh.expires().isBefore(clock.instant().plus(config.lifetime).minusSeconds(1));
    // A capped token cannot be had with a later end, so it is used to the last second.
    Instant renew =
        fresh.expires().minus(capped ? Duration.ofSeconds(1) : config.lifetime.dividedBy(5));
    issued.put(request, new Issued(fresh, renew));
    return fresh;
  }

  /**
   * A token that an agent asked for.
   *
   * @param scope what it asks for; empty for all that the parent has
   * @param holder the agent's own key
   * @param singleUse whether the gateway is to take it once only
   */
  public HopToken exchange(
      Grant grant, String audience, Set<String> scope, Confirmation holder, boolean singleUse)
      throws ExchangeRefusedException {
    checkHeld(grant, audience);
    Set<String> all = grant.parent().map(parent -> Set.copyOf(parent.scope())).orElse(scope);
    if (!all.containsAll(scope)) {
      throw new ExchangeRefusedException(
          "invalid_scope", "the subject token does not have all of the scope that is asked for");
    }
    return issue(grant, audience, narrow(grant, scope.isEmpty() ? all : scope), holder, singleUse);
  }

  private static List<String> narrow(Grant grant, Set<String> scope) {
    TreeSet<String> narrowed = new TreeSet<>(scope);
    grant.parent().ifPresent(parent -> narrowed.retainAll(parent.scope()));
    return List.copyOf(narrowed);
  }

  private HopToken issue(
      Grant grant, String audience, List<String> scope, Confirmation holder, boolean singleUse)
      throws ExchangeRefusedException {
    checkAudience(audience);
    List<String> chain = grant.chain();
    int depthMax =
        grant.parent().map(parent -> parent.lineage().depthMax()).orElse(config.depthMax);
    if (chain.size() > depthMax) {
      throw new ExchangeRefusedException(
          "invalid_request",
          "the task went through " + chain.size() + " agents; " + depthMax + " are allowed");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expires = now.plus(config.lifetime);
    if (grant.expires().isBefore(expires)) {
      expires = grant.expires().truncatedTo(ChronoUnit.SECONDS);
    }
    if (!expires.isAfter(now)) {
      throw new ExchangeRefusedException(
          "invalid_grant", "the subject token or the agent's identity is about to expire");
    }
    String id = newId();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", config.issuer);
    putSubject(claims, grant, chain);
    claims.put("aud", audience);
    claims.put("client_id", grant.agent().toString());
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", expires.getEpochSecond());
    claims.put("jti", id);
    claims.put("scope", String.join(" ", scope));
    claims.put("act", actors(chain));
    claims.put("depth", chain.size());
    claims.put("depth_max", depthMax);
    putParent(claims, grant, id);
    claims.put("cnf", holder.toClaim());
    if (singleUse) {
      claims.put("single_use", true);
    }
    String token = keys.sign(HopTokenCheck.TYPE, claims);
    if (token.length() > SignedToken.MAX_CHARACTERS) {
      throw new ExchangeRefusedException(
          "invalid_request", "the token would be too long: the user has too many groups or scopes");
    }
    HopToken hop = new HopToken(token, id, expires, scope, chain.size());
    try {
      observer.issued(grant, audience, hop);
    } catch (IOException e) {
      throw new ExchangeRefusedException(
          ExchangeRefusedException.UNAVAILABLE, "no token can be recorded now");
    }
    return hop;
  }

  private static void checkAudience(String audience) throws ExchangeRefusedException {
    boolean absolute;
    try {
      absolute = audience.length() <= MAX_AUDIENCE && URI.create(audience).isAbsolute();
    } catch (IllegalArgumentException e) {
      absolute = false;
    }
    if (!absolute) {
      throw new ExchangeRefusedException("invalid_target", "the audience is not an absolute URI");
    }
  }

  /** An agent may not turn a token for one target into one for another. */
  private void checkHeld(Grant grant, String audience) throws ExchangeRefusedException {
    if (!grant.received() && grant.parent().isPresent()) {
      Set<String> held = grant.parent().get().audience();
      if (!held.contains(audience) && held.stream().noneMatch(config.ownAudiences::contains)) {
        throw new ExchangeRefusedException(
            "invalid_target", "the subject token is for another audience already");
      }
    }
  }

  /** The user stays the subject; without one it is the agent that began. */
  private static void putSubject(Map<String, Object> claims, Grant grant, List<String> chain) {
    Optional<User> user = grant.parent().flatMap(VerifiedToken::user);
    if (user.isPresent()) {
      claims.put("sub", user.get().subject());
      claims.put("sub_iss", user.get().issuer());
      claims.put("groups", user.get().groups());
    } else {
      claims.put("sub", chain.getFirst());
    }
  }

  private static void putParent(Map<String, Object> claims, Grant grant, String id) {
    if (grant.parent().isEmpty()) {
      claims.put("root_jti", id);
      return;
    }
    Lineage lineage = grant.parent().get().lineage();
    claims.put("parent", grant.parentHash());
    claims.put("root_jti", lineage.root());
    claims.put("ancestors", lineage.ancestorsOfChild());
  }

  /** RFC 8693: the newest actor is the outermost. */
  private static Map<String, Object> actors(List<String> chain) {
    Map<String, Object> act = Map.of();
    for (String agent : chain) {
      act = act.isEmpty() ? Map.of("sub", agent) : Map.of("sub", agent, "act", act);
    }
    return act;
  }

  private String newId() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
