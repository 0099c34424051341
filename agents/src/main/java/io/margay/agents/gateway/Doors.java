package io.margay.agents.gateway;

import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** The doors by the first part of the path: {@code mcp}, {@code a2a}, {@code llm}. */
public final class Doors {
  private final Map<String, Door> doors;
  private final ForwardProxy proxy;

  /**
   * @param proxy for requests that name a server by its own address
   */
  public Doors(Map<String, Door> doors, ForwardProxy proxy) {
    this.proxy = proxy;
    this.doors = new LinkedHashMap<>(doors);
  }

  /** These doors, and another one. */
  public Doors with(String name, Door door) {
    Map<String, Door> more = new LinkedHashMap<>(doors);
    more.put(name, door);
    return new Doors(more, proxy);
  }

  /** Where something is served, for people. */
  String known() {
    return "/" + String.join("/NAME, /", doors.keySet()) + "/NAME";
  }

  /**
   * Serves a request at the door that its path names.
   *
   * @throws Refusal when there is none, or as the door says
   * @throws IOException as the door says
   */
  public void serve(Exchange exchange, String path) throws IOException, Refusal {
    String[] parts = path.split("/", 4);
    Door door = parts.length < 3 ? null : doors.get(parts[1]);
    if (door == null || parts[2].isEmpty()) {
      throw new Refusal(404, "nothing is served at %s; known are %s".formatted(path, known()));
    }
    door.serve(exchange, parts[2], parts.length == 4 ? "/" + parts[3] : "");
  }

  /** The same for a client that names a server by its own address: we are its HTTP proxy. */
  void serveAddress(Exchange exchange, URI asked) throws IOException, Refusal {
    proxy.serve(exchange, asked, this);
  }

  /** Refuses to lead somewhere unseen. */
  void refuseTunnel(Exchange exchange, String authority) throws Refusal {
    throw proxy.tunnel(exchange, authority, this);
  }
}
