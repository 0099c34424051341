package io.margay.agents.identity.revocation;

import io.margay.agents.call.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is revoked now. Asked on every call, so that a revocation counts at once; whoever keeps
 * streams open listens, and ends those that a new one concerns. Of many threads at a time.
 *
 * <p>Several gateways share revocations by push: each applies what its listeners hear to the
 * others, and to apply one twice changes nothing.
 */
public interface Revocations {

  /**
   * Adds a revocation; when this returns, it counts and will survive a restart, as far as the
   * implementation keeps anything. Then listeners have been told.
   */
  void apply(Revocation revocation);

  /** Ends a revocation, of an agent whose halt was lifted for example. */
  void lift(Revocation.Kind kind, String name);

  Optional<Revocation> find(Revocation.Kind kind, String name);

  List<Revocation> all();

  /**
   * Calls a listener with every later revocation, on the thread that applies it.
   *
   * @return ends the subscription
   */
  AutoCloseable listen(Consumer<Revocation> listener);

  /** Ends all calls of an agent, and those made on its behalf. */
  default void revokeAgent(String spiffeId, String reason, Instant now) {
    apply(new Revocation(Revocation.Kind.AGENT, spiffeId, reason, now, Optional.empty()));
  }

  /** Ends all calls made for a person. */
  default void revokeUser(String issuer, String subject, String reason, Instant now) {
    apply(
        new Revocation(
            Revocation.Kind.USER,
            Revocation.userKey(issuer, subject),
            reason,
            now,
            Optional.empty()));
  }

  /**
   * Ends the use of a token and of all that were made from it.
   *
   * @param tokenExpires after which the revocation is forgotten
   */
  default void revokeToken(String id, String reason, Instant now, Instant tokenExpires) {
    apply(new Revocation(Revocation.Kind.TOKEN, id, reason, now, Optional.of(tokenExpires)));
  }

  /**
   * The first revocation that concerns a call.
   *
   * @param agents SPIFFE ids of the whole chain
   * @param tokens ids of the token and of its ancestors
   */
  default Optional<Revocation> find(List<String> agents, Optional<User> user, List<String> tokens) {
    for (String agent : agents) {
      Optional<Revocation> found = find(Revocation.Kind.AGENT, agent);
      if (found.isPresent()) {
        return found;
      }
    }
    if (user.isPresent()) {
      String key = Revocation.userKey(user.get().issuer(), user.get().subject());
      Optional<Revocation> found = find(Revocation.Kind.USER, key);
      if (found.isPresent()) {
        return found;
      }
    }
    for (String token : tokens) {
      Optional<Revocation> found = find(Revocation.Kind.TOKEN, token);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
