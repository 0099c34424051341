package io.margay.console.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is served at a path.
 *
 * @param method HEAD is served wherever GET is
 * @param path parts in braces stand for any one part: {@code /flows/{id}}
 * @param open whether it is served to those who are not signed in
 */
public record Route(String method, String path, boolean open, Endpoint endpoint) {

  /** For those who are signed in. */
  public static Route get(String path, Endpoint endpoint) {
    return new Route("GET", path, false, endpoint);
  }

  public static Route post(String path, Endpoint endpoint) {
    return new Route("POST", path, false, endpoint);
  }

  public static Route delete(String path, Endpoint endpoint) {
    return new Route("DELETE", path, false, endpoint);
  }

  /** The same route for everybody. */
  public Route forEverybody() {
    return new Route(method, path, true, endpoint);
  }

  boolean serves(String asked) {
    return method.equals(asked.equals("HEAD") ? "GET" : asked);
  }

  /** How many parts stand for anything; of two routes that fit, the one with fewer is meant. */
  int parameters() {
    return (int) parts(path).stream().filter(Route::isParameter).count();
  }

  /** The values of the parameters; empty if the path is another one. */
  Optional<Map<String, String>> match(String asked) {
    List<String> mine = parts(path);
    List<String> theirs = parts(asked);
    if (mine.size() != theirs.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < mine.size(); i++) {
      String part = mine.get(i);
      if (isParameter(part)) {
        if (theirs.get(i).isEmpty()) {
          return Optional.empty();
        }
        values.put(part.substring(1, part.length() - 1), decoded(theirs.get(i)));
      } else if (!part.equals(theirs.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  private static List<String> parts(String path) {
    return List.of(path.split("/", -1));
  }

  private static boolean isParameter(String part) {
    return part.startsWith("{");
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest("the path is not URL-encoded: " + e.getMessage());
    }
  }
}
