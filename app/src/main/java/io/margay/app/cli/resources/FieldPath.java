package io.margay.app.cli.resources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path to fields, as custom columns write it: {@code .metadata.name}, {@code
 * .spec.ingress[0].action}, {@code .spec.nets[*]}, {@code .metadata.labels['a/b.c']}.
 */
record FieldPath(List<String> steps) {
  private static final String EVERY = "*";
  private static final Pattern STEP =
      Pattern.compile("\\.([A-Za-z0-9_-]+)|\\[(\\d+|\\*)]|\\['([^']+)']");

  static FieldPath parse(String text) {
    String path =
        text.startsWith("{") && text.endsWith("}") ? text.substring(1, text.length() - 1) : text;
    String dotted = path.startsWith(".") || path.startsWith("[") ? path : "." + path;
    Matcher matcher = STEP.matcher(dotted);
    List<String> steps = new ArrayList<>();
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      for (int group = 1; group <= 3; group++) {
        if (matcher.group(group) != null) {
          steps.add(matcher.group(group));
        }
      }
      end = matcher.end();
    }
    if (end != dotted.length() || steps.isEmpty()) {
      throw new CommandFailure(
          "path \"" + text + "\": cannot be read; write .spec.order or .spec.ingress[0].action");
    }
    return new FieldPath(List.copyOf(steps));
  }

  /** The values at the path, several joined by commas; {@code <none>} where there is nothing. */
  String text(ObjectNode object) {
    List<JsonNode> found = List.of(object);
    for (String step : steps) {
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : found) {
        if (step.equals(EVERY)) {
          node.forEach(next::add);
        } else {
          next.add(
              node.isArray() && isIndex(step)
                  ? node.path(Integer.parseInt(step))
                  : node.path(step));
        }
      }
      found = next;
    }
    String joined =
        found.stream()
            .filter(node -> !node.isMissingNode() && !node.isNull())
            .map(node -> node.isValueNode() ? node.asText() : node.toString())
            .collect(Collectors.joining(","));
    return joined.isEmpty() ? "<none>" : joined;
  }

  private static boolean isIndex(String step) {
    return step.length() < 10 && step.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
