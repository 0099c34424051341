package io.margay.policy.address;

import io.margay.model.net.Cidr;
import io.margay.policy.table.DeltaTracker.Delta;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How the classes of prefixes differ from what readers were last told. What they were told is kept
 * with each prefix, as there are too many for a second map of them.
 */
public final class PublishedClasses {
  /** Stands for a prefix of which readers know nothing: class ids are positive. */
  static final int NONE = 0;

  private Map<Cidr, Integer> set = new HashMap<>();
  private Set<Cidr> removed = new HashSet<>();

  void change(Cidr prefix, int told, int tell) {
    if (tell == NONE) {
      remove(prefix, told);
    } else if (tell != told) {
      set.put(prefix, tell);
      removed.remove(prefix);
    }
  }

  void remove(Cidr prefix, int told) {
    if (told != NONE) {
      set.remove(prefix);
      removed.add(prefix);
    }
  }

  /** The difference since the last call. */
  public Delta<Cidr, Integer> drain() {
    Delta<Cidr, Integer> delta = new Delta<>(set, removed);
    set = new HashMap<>();
    removed = new HashSet<>();
    return delta;
  }
}
