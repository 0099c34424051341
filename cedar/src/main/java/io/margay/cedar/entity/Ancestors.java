package io.margay.cedar.entity;

import io.margay.cedar.value.EntityUid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Closes a hierarchy: who is in whom, over any number of steps. Needs no deep stack. */
final class Ancestors {
  private final Function<EntityUid, @Nullable Entity> entities;
  private final Function<EntityUid, @Nullable UidSet> known;
  private final Map<EntityUid, UidSet> done = new HashMap<>();
  private final Set<EntityUid> open = new HashSet<>();

  /**
   * @param entities those that exist
   * @param known ancestors that hold already
   */
  Ancestors(
      Function<EntityUid, @Nullable Entity> entities, Function<EntityUid, @Nullable UidSet> known) {
    this.entities = entities;
    this.known = known;
  }

  /**
   * The ancestors of an entity.
   *
   * @throws EntityException when it is among them
   */
  UidSet of(Entity start) {
    Deque<Visit> stack = new ArrayDeque<>();
    enter(start, stack);
    while (!stack.isEmpty()) {
      Visit visit = stack.peek();
      if (visit.left.hasNext()) {
        EntityUid parent = visit.left.next();
        visit.ancestors.add(parent);
        UidSet closed = closed(parent);
        Entity entity = entities.apply(parent);
        if (closed != null) {
          visit.ancestors.addAll(closed.toSet());
        } else if (entity != null) {
          enter(entity, stack);
        }
        continue;
      }
      stack.pop();
      EntityUid uid = visit.entity.uid();
      open.remove(uid);
      done.put(uid, UidSet.of(visit.ancestors));
      if (!stack.isEmpty()) {
        stack.peek().ancestors.addAll(visit.ancestors);
      }
    }
    UidSet ancestors = closed(start.uid());
    return ancestors == null ? UidSet.EMPTY : ancestors;
  }

  private @Nullable UidSet closed(EntityUid uid) {
    UidSet before = done.get(uid);
    return before == null ? known.apply(uid) : before;
  }

  private void enter(Entity entity, Deque<Visit> stack) {
    if (closed(entity.uid()) != null) {
      return;
    }
    if (!open.add(entity.uid())) {
      throw EntityException.cycle(entity.uid());
    }
    stack.push(new Visit(entity, entity.parents().iterator(), new HashSet<>()));
  }

  private record Visit(Entity entity, Iterator<EntityUid> left, Set<EntityUid> ancestors) {}
}
