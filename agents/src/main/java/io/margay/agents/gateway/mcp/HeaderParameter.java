package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An argument of a tool that is mirrored in a header {@code Mcp-Param-…}.
 *
 * @param path names of the properties that lead to it
 */
record HeaderParameter(String header, List<String> path) {
  private static final Pattern HEADER = Pattern.compile("[!-9;-~]+");
  private static final Set<String> PRIMITIVE = Set.of("string", "number", "integer", "boolean");

  HeaderParameter {
    path = List.copyOf(path);
  }

  JsonNode in(JsonNode arguments) {
    JsonNode value = arguments;
    for (String name : path) {
      value = value.path(name);
    }
    return value;
  }

  /**
   * Those of a tool's definition; empty when it names a header that no header can be, one for two
   * arguments, or one for an argument that is not a single value. Such a tool is not to be used.
   */
  static Optional<List<HeaderParameter>> of(JsonNode definition) {
    List<HeaderParameter> found = new ArrayList<>();
    return collect(definition.path("inputSchema"), List.of(), found, new HashSet<>())
        ? Optional.of(List.copyOf(found))
        : Optional.empty();
  }

  /** Only chains of {@code properties} lead to such an argument. */
  private static boolean collect(
      JsonNode schema, List<String> path, List<HeaderParameter> found, Set<String> names) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      List<String> longer = new ArrayList<>(path);
      longer.add(property.getKey());
      JsonNode header = property.getValue().path("x-mcp-header");
      if (!header.isMissingNode()) {
        if (!header.isTextual()
            || !HEADER.matcher(header.asText()).matches()
            || !PRIMITIVE.contains(property.getValue().path("type").asText())
            || !names.add(header.asText().toLowerCase(Locale.ROOT))) {
          return false;
        }
        found.add(new HeaderParameter(header.asText(), longer));
      }
      if (!collect(property.getValue(), longer, found, names)) {
        return false;
      }
    }
    return true;
  }
}
