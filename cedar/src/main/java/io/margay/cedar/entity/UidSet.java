package io.margay.cedar.entity;

import io.margay.cedar.value.EntityUid;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An immutable set of uids in one array: small, and walked without an iterator. */
public final class UidSet {
  public static final UidSet EMPTY = new UidSet(Set.of());

  /** A hash table with linear probing, at most half full. */
  private final @Nullable EntityUid[] table;

  private final int size;

  private UidSet(Set<EntityUid> uids) {
    table = new EntityUid[Math.max(2, Integer.highestOneBit(Math.max(1, uids.size())) * 4)];
    size = uids.size();
    for (EntityUid uid : uids) {
      int index = start(uid);
      while (table[index] != null) {
        index = index + 1 & table.length - 1;
      }
      table[index] = uid;
    }
  }

  public static UidSet of(Collection<EntityUid> uids) {
    return uids.isEmpty() ? EMPTY : new UidSet(new LinkedHashSet<>(uids));
  }

  public boolean contains(EntityUid uid) {
    if (size == 0) {
      return false;
    }
    int index = start(uid);
    while (true) {
      EntityUid there = table[index];
      if (there == null) {
        return false;
      }
      if (there.equals(uid)) {
        return true;
      }
      index = index + 1 & table.length - 1;
    }
  }

  public int size() {
    return size;
  }

  /** How many places there are to ask {@link #at} for. */
  public int places() {
    return size == 0 ? 0 : table.length;
  }

  /** What is in a place; null when it is empty. */
  public @Nullable EntityUid at(int place) {
    return table[place];
  }

  public Set<EntityUid> toSet() {
    Set<EntityUid> all = new LinkedHashSet<>();
    for (EntityUid uid : table) {
      if (uid != null) {
        all.add(uid);
      }
    }
    return all;
  }

  private int start(EntityUid uid) {
    int hash = uid.hashCode();
    return (hash ^ hash >>> 16) & table.length - 1;
  }

  @Override
  public String toString() {
    return toSet().toString();
  }
}
