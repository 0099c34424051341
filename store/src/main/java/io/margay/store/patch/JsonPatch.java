package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** JSON patch, RFC 6902. All operations apply, or none. */
public final class JsonPatch {
  /** As the Kubernetes API limits it. */
  private static final int MAX_OPERATIONS = 10_000;

  private JsonPatch() {}

  /**
   * The object with all operations applied in order.
   *
   * @throws PatchException if the patch is malformed, a path does not exist, or a test fails
   */
  public static ObjectNode apply(ObjectNode current, JsonNode patch) {
    if (!(patch instanceof ArrayNode operations)) {
      throw new PatchException("a JSON patch must be a list of operations");
    }
    if (operations.size() > MAX_OPERATIONS) {
      throw new PatchException(
          "a JSON patch may have " + MAX_OPERATIONS + " operations, not " + operations.size());
    }
    JsonNode result = current.deepCopy();
    for (int i = 0; i < operations.size(); i++) {
      try {
        result = apply(result, operations.get(i));
      } catch (PatchException e) {
        throw new PatchException("operation " + i + ": " + e.getMessage());
      }
    }
    if (result instanceof ObjectNode object) {
      return object;
    }
    throw new PatchException("the patch replaces the object by something that is none");
  }

  private static JsonNode apply(JsonNode root, JsonNode operation) {
    List<String> path = pointer(operation, "path");
    String op = operation.path("op").asText();
    return switch (op) {
      case "add" -> add(root, path, value(operation));
      case "remove" -> remove(root, path);
      case "replace" -> {
        find(root, path);
        yield path.isEmpty() ? value(operation) : put(root, path, value(operation), false);
      }
      case "move" -> {
        List<String> from = pointer(operation, "from");
        if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
          throw new PatchException(
              "\"" + text(from) + "\" cannot move into itself at \"" + text(path) + "\"");
        }
        JsonNode moved = find(root, from);
        yield add(remove(root, from), path, moved);
      }
      case "copy" -> add(root, path, find(root, pointer(operation, "from")).deepCopy());
      case "test" -> {
        if (!find(root, path).equals(value(operation))) {
          throw new PatchException("test of \"" + text(path) + "\" failed: the value is another");
        }
        yield root;
      }
      default ->
          throw new PatchException(
              "\"" + op + "\" is not an operation; write add, remove, replace, move, copy or test");
    };
  }

  private static JsonNode add(JsonNode root, List<String> path, JsonNode value) {
    return path.isEmpty() ? value : put(root, path, value, true);
  }

  private static JsonNode put(JsonNode root, List<String> path, JsonNode value, boolean insert) {
    JsonNode parent = find(root, path.subList(0, path.size() - 1));
    String last = path.getLast();
    switch (parent) {
      case ObjectNode object -> object.set(last, value);
      case ArrayNode array -> {
        if (insert && last.equals("-")) {
          array.add(value);
        } else if (insert) {
          array.insert(index(last, array.size() + 1, path), value);
        } else {
          array.set(index(last, array.size(), path), value);
        }
      }
      default -> throw missing(path);
    }
    return root;
  }

  private static JsonNode remove(JsonNode root, List<String> path) {
    if (path.isEmpty()) {
      throw new PatchException("the whole object cannot be removed");
    }
    find(root, path);
    JsonNode parent = find(root, path.subList(0, path.size() - 1));
    if (parent instanceof ObjectNode object) {
      object.remove(path.getLast());
    } else if (parent instanceof ArrayNode array) {
      array.remove(index(path.getLast(), array.size(), path));
    }
    return root;
  }

  private static JsonNode find(JsonNode root, List<String> path) {
    JsonNode node = root;
    for (String step : path) {
      JsonNode next =
          switch (node) {
            case ObjectNode object -> object.get(step);
            case ArrayNode array -> array.get(index(step, array.size(), path));
            default -> null;
          };
      if (next == null) {
        throw missing(path);
      }
      node = next;
    }
    return node;
  }

  private static int index(String step, int size, List<String> path) {
    boolean number =
        !step.isEmpty()
            && step.length() < 10
            && step.chars().allMatch(c -> c >= '0' && c <= '9')
            && (step.length() == 1 || step.charAt(0) != '0');
    if (!number || Integer.parseInt(step) >= size) {
      throw missing(path);
    }
    return Integer.parseInt(step);
  }

  private static JsonNode value(JsonNode operation) {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw new PatchException("\"value\" is missing");
    }
    return value.deepCopy();
  }

  private static List<String> pointer(JsonNode operation, String field) {
    JsonNode pointer = operation.get(field);
    if (pointer == null || !pointer.isTextual()) {
      throw new PatchException("\"" + field + "\" is missing; write a pointer like /spec/order");
    }
    String text = pointer.asText();
    if (text.isEmpty()) {
      return List.of();
    }
    if (!text.startsWith("/")) {
      throw new PatchException("\"" + text + "\" is not a pointer; write /" + text);
    }
    List<String> steps = new ArrayList<>();
    for (String step : text.substring(1).split("/", -1)) {
      steps.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return steps;
  }

  private static String text(List<String> path) {
    StringBuilder text = new StringBuilder();
    path.forEach(step -> text.append('/').append(step.replace("~", "~0").replace("/", "~1")));
    return text.toString();
  }

  private static PatchException missing(List<String> path) {
    return new PatchException("there is nothing at \"" + text(path) + "\"");
  }
}
