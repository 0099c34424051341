package io.margay.agents.gateway;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where the registry says that its servers are: what an agent means that names a server by its own
 * address instead of the gateway's.
 */
public final class Addresses {
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final Map<String, List<Registered>> byAuthority = new HashMap<>();

  /**
   * A server of the registry.
   *
   * @param door that speaks its protocol: {@code mcp}, {@code a2a} or {@code llm}
   * @param exact whether the server has this one address and nothing below it
   */
  public record Registered(String door, String name, URI uri, boolean exact) {

    /** Where the gateway serves it. */
    String place() {
      return "/" + door + "/" + name;
    }

    private String path() {
      String path = uri.getRawPath();
      return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private boolean covers(String path) {
      return exact
          ? path.equals(uri.getRawPath())
          : path.equals(uri.getRawPath()) || path.startsWith(path() + "/");
    }
  }

  public Addresses(Collection<Registered> servers) {
    for (Registered server : servers) {
      URI uri = server.uri();
      if (uri.getHost() != null) {
        int standard = "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
        String authority = authority(uri.getHost(), uri.getPort() < 0 ? standard : uri.getPort());
        byAuthority.computeIfAbsent(authority, _ -> new ArrayList<>()).add(server);
      }
    }
  }

  private static String authority(String host, int port) {
    return host.toLowerCase(Locale.ROOT) + ":" + port;
  }

  /**
   * The paths at the gateway that an address may mean: one, none for an address that no server has,
   * or several when the registry gives the same address to several servers.
   *
   * @param asked an http address. One without a port means a server at https, too: the gateway
   *     calls it as the registry says
   */
  public List<String> places(URI asked) {
    if (asked.getHost() == null) {
      return List.of();
    }
    int port = asked.getPort() < 0 ? HTTP_PORT : asked.getPort();
    List<Registered> servers = new ArrayList<>(at(authority(asked.getHost(), port)));
    if (port == HTTP_PORT) {
      servers.addAll(at(authority(asked.getHost(), HTTPS_PORT)));
    }
    String path = asked.getRawPath();
    List<Registered> covering = servers.stream().filter(server -> server.covers(path)).toList();
    int longest = covering.stream().mapToInt(server -> server.path().length()).max().orElse(0);
    return covering.stream()
        .filter(server -> server.path().length() == longest)
        .map(server -> server.place() + path.substring(Math.min(path.length(), longest)))
        .map(place -> place.endsWith("/") ? place.substring(0, place.length() - 1) : place)
        .sorted()
        .toList();
  }

  /**
   * Where the gateway serves those who are at a host and port.
   *
   * @param authority with its port
   */
  public List<String> behind(String authority) {
    return at(authority.toLowerCase(Locale.ROOT)).stream().map(Registered::place).sorted().toList();
  }

  private List<Registered> at(String authority) {
    return byAuthority.getOrDefault(authority, List.of());
  }
}
