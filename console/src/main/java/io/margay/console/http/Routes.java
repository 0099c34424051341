package io.margay.console.http;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All that is served beside the page's files. */
public final class Routes {
  /** Whisker's page asks its backend under this path. */
  private static final String WHISKER_PREFIX = "/whisker-backend";

  private static final Set<String> WHISKER_PATHS = Set.of("/flows", "/flows-filter-hints");

  private final List<Route> routes;

  public Routes(List<Route> routes) {
    this.routes = routes.stream().sorted(Comparator.comparingInt(Route::parameters)).toList();
  }

  public List<Route> all() {
    return routes;
  }

  /** A route and the values of its parameters. */
  record Found(Route route, Map<String, String> parameters) {}

  /**
   * The route of a request; empty if the path is none of ours.
   *
   * @throws HttpFailure 405 if the path is served, but not with this method
   */
  Optional<Found> find(String method, String path) {
    TreeSet<String> methods = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = route.match(withoutPrefix(path));
      if (parameters.isPresent()) {
        if (route.serves(method)) {
          return Optional.of(new Found(route, parameters.get()));
        }
        methods.add(route.method());
      }
    }
    if (!methods.isEmpty()) {
      throw methodNotServed(method, methods);
    }
    return Optional.empty();
  }

  static HttpFailure methodNotServed(String method, TreeSet<String> methods) {
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    String allowed = String.join(", ", methods);
    return HttpFailure.methodNotAllowed(method + " is not served here, use " + allowed, allowed);
  }

  private static String withoutPrefix(String path) {
    String rest = path.startsWith(WHISKER_PREFIX) ? path.substring(WHISKER_PREFIX.length()) : "";
    return WHISKER_PATHS.contains(rest) ? rest : path;
  }

  /** Whether Whisker's own clients ask there, who know but one shape of errors. */
  static boolean isWhiskers(String path) {
    return path.startsWith(WHISKER_PREFIX) || WHISKER_PATHS.contains(path);
  }

  /** Whether a path that no route serves belongs to an API, so that it is no page either. */
  static boolean isApi(String path) {
    return path.startsWith("/api/") || path.startsWith(WHISKER_PREFIX);
  }
}
