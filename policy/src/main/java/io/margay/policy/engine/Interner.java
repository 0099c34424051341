package io.margay.policy.engine;

import io.margay.policy.address.IdSpace;
import io.margay.policy.table.DeltaTracker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Numbers equal contents once, and keeps each for as long as somebody uses it.
 *
 * @param <C> contents, compared with {@code equals}
 */
final class Interner<C> {
  private final ToLongFunction<C> hash;
  private final Map<C, Entry<C>> byContent = new HashMap<>();
  private final Map<Integer, Entry<C>> byId = new HashMap<>();
  private final IdSpace ids = new IdSpace();
  private final Set<Integer> idle = new LinkedHashSet<>();
  private final DeltaTracker<Integer, C> published = new DeltaTracker<>();

  private static final class Entry<C> {
    final int id;
    final C content;
    int users;

    /** Whether it ever had a user: what is about to be swept may be taken up again. */
    boolean kept;

    Entry(int id, C content) {
      this.id = id;
      this.content = content;
    }
  }

  Interner(ToLongFunction<C> hash) {
    this.hash = hash;
  }

  /** The id of a content, which is new to nobody or noted as unused until acquired. */
  int intern(C content) {
    Entry<C> entry = byContent.get(content);
    if (entry == null) {
      entry = new Entry<>(ids.take(hash.applyAsLong(content)), content);
      byContent.put(content, entry);
      byId.put(entry.id, entry);
      idle.add(entry.id);
    }
    return entry.id;
  }

  /** Adds a user; whether it is the first that the content ever had. */
  boolean acquire(int id) {
    Entry<C> entry = entry(id);
    idle.remove(id);
    entry.users++;
    boolean first = !entry.kept;
    entry.kept = true;
    return first;
  }

  void release(int id) {
    Entry<C> entry = entry(id);
    if (--entry.users == 0) {
      idle.add(id);
    }
  }

  /** Forgets what nobody uses any more and publishes what came to stay. */
  void sweep(Consumer<C> forgotten) {
    List<Integer> unused = new ArrayList<>(idle);
    idle.clear();
    for (int id : unused) {
      C content = get(id);
      byContent.remove(content);
      byId.remove(id);
      ids.free(id);
      published.remove(id);
      forgotten.accept(content);
    }
  }

  C get(int id) {
    return entry(id).content;
  }

  void publish(int id) {
    published.put(id, get(id));
  }

  DeltaTracker<Integer, C> published() {
    return published;
  }

  int size() {
    return byId.size();
  }

  private Entry<C> entry(int id) {
    return Objects.requireNonNull(byId.get(id), "unknown id");
  }
}
