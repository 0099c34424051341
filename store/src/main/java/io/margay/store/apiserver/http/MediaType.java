package io.margay.store.apiserver.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A media type with its parameters: {@code application/json;as=Table;v=v1;g=meta.k8s.io}. */
public record MediaType(String name, Map<String, String> parameters) {
  public static final MediaType JSON = new MediaType("application/json", Map.of());

  public MediaType {
    parameters = Map.copyOf(parameters);
  }

  public static MediaType parse(String text) {
    String[] parts = text.split(";", -1);
    Map<String, String> parameters = new HashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        parameters.put(
            parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT),
            parts[i].substring(equals + 1).strip().replace("\"", ""));
      }
    }
    return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
  }

  /** What a JSON object should be turned into, such as {@code Table}; empty for itself. */
  public String as() {
    return parameters.getOrDefault("as", "");
  }

  public String version() {
    return parameters.getOrDefault("v", "");
  }

  public String group() {
    return parameters.getOrDefault("g", "");
  }
}
