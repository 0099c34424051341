package io.margay.cedar.schema;

import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a schema says about an action.
 *
 * @param principals types that it applies to; empty for an action that is only a group
 * @param ancestors the groups that it is in, directly or not
 * @param descendants the actions that are in it
 */
public record ActionInfo(
    EntityUid name,
    SortedSet<EntityType> principals,
    SortedSet<EntityType> resources,
    Type.Record context,
    SortedSet<EntityUid> ancestors,
    SortedSet<EntityUid> descendants,
    Map<String, String> annotations) {
  public ActionInfo {
    principals = Collections.unmodifiableSortedSet(new TreeSet<>(principals));
    resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
    ancestors = Collections.unmodifiableSortedSet(new TreeSet<>(ancestors));
    descendants = Collections.unmodifiableSortedSet(new TreeSet<>(descendants));
  }
}
