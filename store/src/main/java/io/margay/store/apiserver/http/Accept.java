package io.margay.store.apiserver.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a client accepts, the best first. */
public record Accept(List<MediaType> types) {
  public Accept {
    types = List.copyOf(types);
  }

  /** Reads the header; none at all means anything. Quality values keep their order of mention. */
  public static Accept parse(String header) {
    List<MediaType> types = new ArrayList<>();
    for (String part : header.split(",", -1)) {
      if (!part.isBlank()) {
        types.add(MediaType.parse(part));
      }
    }
    return new Accept(types.isEmpty() ? List.of(MediaType.JSON) : types);
  }

  /** The first accepted JSON form that the server can make. */
  public Optional<MediaType> firstJson(Predicate<MediaType> canMake) {
    return types.stream()
        .filter(Accept::isJson)
        .map(type -> type.name().equals("application/json") ? type : MediaType.JSON)
        .filter(canMake)
        .findFirst();
  }

  /** Whether a type is accepted whose name begins and ends like this. */
  public boolean names(String prefix, String suffix) {
    return types.stream()
        .anyMatch(type -> type.name().startsWith(prefix) && type.name().endsWith(suffix));
  }

  private static boolean isJson(MediaType type) {
    return switch (type.name()) {
      case "application/json", "application/*", "*/*" -> true;
      default -> false;
    };
  }
}
