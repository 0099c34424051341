package io.margay.policy.label;

import io.margay.model.selector.Labels;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's own labels above those that it inherits; the first layer that holds a key wins. The
 * inherited maps are shared by all endpoints of a profile, so a large namespace costs little.
 *
 * @param layers own labels first, then those of the profiles in order
 */
public record LayeredLabels(List<Map<String, String>> layers) implements Labels {
  public LayeredLabels {
    layers = List.copyOf(layers);
  }

  /** Labels without inheritance. */
  public static LayeredLabels of(Map<String, String> labels) {
    return new LayeredLabels(List.of(labels));
  }

  @Override
  public @Nullable String get(String key) {
    for (Map<String, String> layer : layers) {
      String value = layer.get(key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** Visits every label that {@link #get} can see, each once. */
  public void forEach(BiConsumer<String, String> visitor) {
    for (int depth = 0; depth < layers.size(); depth++) {
      List<Map<String, String>> above = layers.subList(0, depth);
      layers
          .get(depth)
          .forEach((key, value) -> {
            for (Map<String, String> layer : above) {
              if (layer.containsKey(key)) {
                return;
              }
            }
            visitor.accept(key, value);
          });
    }
  }
}
