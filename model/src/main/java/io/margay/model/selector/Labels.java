package io.margay.model.selector;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The labels that a selector is matched against. */
@FunctionalInterface
public interface Labels {
  /** The label's value, or null where the label is missing. */
  @Nullable String get(String key);

  static Labels of(Map<String, String> labels) {
    return labels::get;
  }
}
