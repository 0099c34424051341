package io.margay.store.apiserver.http;

import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The part of a URL behind the question mark. */
public record QueryParameters(Map<String, List<String>> values) {
  public QueryParameters {
    Map<String, List<String>> copy = new HashMap<>();
    values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
    values = Map.copyOf(copy);
  }

  /** The first value; empty if there is none. */
  public String text(String name) {
    List<String> list = values.getOrDefault(name, List.of());
    return list.isEmpty() ? "" : list.getFirst();
  }

  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** False if absent; {@code ?watch} without a value is true, as in Kubernetes. */
  public boolean flag(String name) {
    if (!values.containsKey(name)) {
      return false;
    }
    return switch (text(name)) {
      case "", "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new ApiException(
              Reason.BAD_REQUEST,
              "query parameter " + name + " \"" + text(name) + "\": write true or false");
    };
  }

  /** A number that is not negative; 0 if absent. */
  public long number(String name) {
    String text = text(name);
    try {
      long number = text.isEmpty() ? 0 : Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with the negative ones.
    }
    throw new ApiException(
        Reason.BAD_REQUEST,
        "query parameter " + name + " \"" + text + "\": write a number that is not negative");
  }
}
