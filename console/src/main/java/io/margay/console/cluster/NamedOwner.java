package io.margay.console.cluster;

import java.util.List;
import java.util.function.UnaryOperator;

/** Who answers for a resource, as it says itself. */
public final class NamedOwner {
  /** The first that is there wins; annotations before labels, since they may be any text. */
  private static final List<String> NAMES = List.of("margay.io/owner", "owner");

  private NamedOwner() {}

  /**
   * What the annotation or label {@code margay.io/owner} or {@code owner} says; empty for neither.
   *
   * @param annotation the text of an annotation, empty if it is not there
   * @param label the same of a label
   */
  public static String of(UnaryOperator<String> annotation, UnaryOperator<String> label) {
    for (String name : NAMES) {
      for (UnaryOperator<String> place : List.of(annotation, label)) {
        String owner = place.apply(name).strip();
        if (!owner.isEmpty()) {
          return owner;
        }
      }
    }
    return "";
  }
}
