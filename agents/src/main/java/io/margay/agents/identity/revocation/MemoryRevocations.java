package io.margay.agents.identity.revocation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Revocations of this process: forgotten when it ends. */
public final class MemoryRevocations implements Revocations {
  private final Map<Key, Revocation> current = new ConcurrentHashMap<>();
  private final List<Consumer<Revocation>> listeners = new CopyOnWriteArrayList<>();
  private final InstantSource clock;

  private record Key(Revocation.Kind kind, String name) {}

  public MemoryRevocations(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void apply(Revocation revocation) {
    if (put(revocation)) {
      listeners.forEach(listener -> listener.accept(revocation));
    }
  }

  /**
   * Without telling anybody.
   *
   * @return whether it is new, or lasts longer than the one before
   */
  boolean put(Revocation revocation) {
    forgetExpired();
    if (end(revocation).isBefore(clock.instant())) {
      return false;
    }
    Key key = new Key(revocation.kind(), revocation.name());
    Revocation winner =
        current.merge(key, revocation, (old, fresh) -> lastsLonger(fresh, old) ? fresh : old);
    return winner == revocation;
  }

  private static boolean lastsLonger(Revocation one, Revocation other) {
    return end(one).isAfter(end(other));
  }

  private static Instant end(Revocation revocation) {
    return revocation.until().orElse(Instant.MAX);
  }

  /** Those of expired tokens; the tokens are refused without them. */
  private void forgetExpired() {
    Instant now = clock.instant();
    current.values().removeIf(one -> end(one).isBefore(now));
  }

  @Override
  public void lift(Revocation.Kind kind, String name) {
    current.remove(new Key(kind, name));
  }

  @Override
  public Optional<Revocation> find(Revocation.Kind kind, String name) {
    return Optional.ofNullable(current.get(new Key(kind, name)));
  }

  @Override
  public List<Revocation> all() {
    return List.copyOf(current.values());
  }

  @Override
  public AutoCloseable listen(Consumer<Revocation> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
