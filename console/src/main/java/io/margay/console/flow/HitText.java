package io.margay.console.flow;

import com.fasterxml.jackson.databind.JsonNode;

/** A step of a chain in words. */
public final class HitText {
  private HitText() {}

  /** {@code NetworkPolicy shop/web rule 1 (tier default)}, from the JSON of a hit. */
  public static String of(JsonNode hit) {
    JsonNode trigger = hit.path("trigger");
    String tier = hit.path("tier").asText();
    return switch (hit.path("kind").asText()) {
      case "EndOfTier" ->
          "end of tier " + tier + (trigger.isObject() ? " (because of " + name(trigger) + ")" : "");
      case "Profile" ->
          hit.path("name").asText().isEmpty()
              ? "no profile allows it"
              : "profile " + hit.path("name").asText();
      default -> name(hit) + " rule " + hit.path("rule_index").asInt() + " (tier " + tier + ")";
    };
  }

  /** {@code NetworkPolicy shop/web}, from anything that names a policy. */
  public static String name(JsonNode hit) {
    String namespace = hit.path("namespace").asText();
    String name = hit.path("name").asText();
    return hit.path("kind").asText() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
  }
}
