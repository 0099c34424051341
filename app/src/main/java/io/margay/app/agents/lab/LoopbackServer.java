package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of the lab on a loopback port. It remembers under which hop each request came. */
final class LoopbackServer implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  private static final int TRACE_PARENT_PARTS = 4;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> hops = new CopyOnWriteArrayList<>();
  private volatile String lastToken = "";

  /** Answers a request. */
  @FunctionalInterface
  interface Service {
    void serve(HttpExchange exchange, JsonNode body) throws IOException;
  }

  LoopbackServer(Service service) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            note(exchange.getRequestHeaders().getFirst("traceparent"));
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            lastToken = authorization == null ? "" : authorization.replaceFirst("^Bearer ", "");
            byte[] body = exchange.getRequestBody().readAllBytes();
            service.serve(
                exchange, body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body));
          }
        });
    server.start();
  }

  private void note(String traceParent) {
    String[] parts = traceParent == null ? new String[0] : traceParent.split("-", -1);
    hops.add(parts.length == TRACE_PARENT_PARTS ? parts[2] : "");
  }

  /** The spans of the hops that brought requests here; empty for one that told none. */
  List<String> hops() {
    return List.copyOf(hops);
  }

  /** The bearer token of the last request; empty without one. */
  String lastToken() {
    return lastToken;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
