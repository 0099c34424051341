package io.margay.agents.identity.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keys that follow each other. The next one is made, and published, a quarter of a lifetime before
 * it signs, so that everybody knows it by then; the last one stays trusted until all that it signed
 * has expired.
 *
 * <pre>
 *   key 1   |--- signs ---------------|-- trusted --|
 *   key 2                     |-------|--- signs ---------------|-- trusted --|
 *                             made
 * </pre>
 *
 * <p>It advances when it is asked, by the injected clock; whoever publishes the keys asks often.
 */
public final class KeyRotation<K> {
  private final Timing timing;
  private final Keeper<K> keeper;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile State<K> state;

  /**
   * How long keys last.
   *
   * @param lifetime for which a key signs
   * @param overlap for which it is trusted afterwards; at least the longest life of what it signs
   */
  public record Timing(Duration lifetime, Duration overlap) {}

  /** When a key signs, and until when it is trusted. */
  public record Period(Instant signsFrom, Instant signsUntil, Instant trustedUntil) {}

  /** A key and its period. */
  public record Slot<K>(K key, Period period) {}

  /** Makes keys and keeps them. */
  public interface Keeper<K> {

    K make(Period period);

    /** Keeps all keys durably, before any of them is used. */
    void save(List<Slot<K>> slots) throws IOException;
  }

  private record State<K>(List<Slot<K>> slots, Instant nextChange) {}

  /**
   * @param kept the keys that were saved last, the oldest first; none at the first start
   */
  public KeyRotation(List<Slot<K>> kept, Timing timing, Keeper<K> keeper, InstantSource clock) {
    this.timing = timing;
    this.keeper = keeper;
    this.clock = clock;
    this.state = new State<>(List.copyOf(kept), Instant.MIN);
    advance();
  }

  /** The key that signs now. */
  public Slot<K> signer() {
    Instant now = clock.instant();
    List<Slot<K>> slots = advance();
    // None has begun only if the clock was set back; then the oldest is the best known.
    return slots.stream()
        .filter(slot -> !slot.period.signsFrom.isAfter(now))
        .reduce((older, newer) -> newer)
        .orElse(slots.getFirst());
  }

  /** All keys that are trusted now, with the next one if there is one already. */
  public List<Slot<K>> trusted() {
    return advance();
  }

  /** Calls a listener after each change of the trusted keys. */
  public AutoCloseable listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private List<Slot<K>> advance() {
    State<K> known = state;
    return clock.instant().isBefore(known.nextChange) ? known.slots : change();
  }

  private List<Slot<K>> change() {
    synchronized (this) {
      Instant now = clock.instant();
      if (now.isBefore(state.nextChange)) {
        return state.slots;
      }
      List<Slot<K>> slots = new ArrayList<>(state.slots);
      slots.removeIf(slot -> !now.isBefore(slot.period.trustedUntil));
      if (slots.isEmpty() || !now.isBefore(nextIsMade(slots.getLast()))) {
        Period period = next(slots, now);
        slots.add(new Slot<>(keeper.make(period), period));
      }
      boolean changed = !slots.equals(state.slots);
      if (changed) {
        try {
          keeper.save(slots);
        } catch (IOException e) {
          throw new UncheckedIOException("the keys cannot be kept", e);
        }
      }
      state = new State<>(List.copyOf(slots), nextChange(slots));
      if (!changed) {
        return state.slots;
      }
    }
    listeners.forEach(Runnable::run);
    return state.slots;
  }

  private Period next(List<Slot<K>> slots, Instant now) {
    Instant from = now;
    if (!slots.isEmpty() && slots.getLast().period.signsUntil.isAfter(now)) {
      from = slots.getLast().period.signsUntil;
    }
    Instant until = from.plus(timing.lifetime);
    return new Period(from, until, until.plus(timing.overlap));
  }

  private Instant nextIsMade(Slot<K> slot) {
    return slot.period.signsUntil.minus(timing.lifetime.dividedBy(4));
  }

  private Instant nextChange(List<Slot<K>> slots) {
    Instant made = nextIsMade(slots.getLast());
    Instant dropped = slots.getFirst().period.trustedUntil;
    return made.isBefore(dropped) ? made : dropped;
  }
}
