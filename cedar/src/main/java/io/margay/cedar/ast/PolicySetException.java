package io.margay.cedar.ast;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A policy set that cannot be: an id twice, a link that does not fit its template. */
public final class PolicySetException extends RuntimeException {

  public PolicySetException(String message) {
    super(message);
  }

  static PolicySetException duplicateId(String id) {
    return new PolicySetException(
        "policy id \"" + id + "\": already in use in this set; give one of the two another id");
  }

  static PolicySetException unknown(String kind, String id) {
    return new PolicySetException(kind + " \"" + id + "\": not in this set");
  }

  static PolicySetException slotsDiffer(String id, Template template, Set<Slot> given) {
    if (given.isEmpty()) {
      return new PolicySetException(
          "policy \""
              + id
              + "\": it has slots ("
              + texts(template.slots())
              + "), so it is a template; link it with an entity for each");
    }
    return new PolicySetException(
        "link \""
            + id
            + "\" of template \""
            + template.id()
            + "\": values for ("
            + texts(given)
            + "), but the template's slots are ("
            + texts(template.slots())
            + ")");
  }

  private static String texts(Set<Slot> slots) {
    return new TreeSet<>(slots).stream().map(Slot::text).collect(Collectors.joining(", "));
  }
}
