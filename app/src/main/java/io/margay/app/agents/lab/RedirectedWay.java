package io.margay.app.agents.lab;

import io.margay.agents.redirect.GatewayAddress;
import io.margay.agents.redirect.Redirect;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.RouteSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The way of an agent that knows nothing of the gateway: from a network namespace of its own it
 * calls servers by plain HTTP, at the addresses where they are.
 */
final class RedirectedWay implements GatewayClient.Way {
  private final NetworkNamespace namespace;
  private final Redirect redirect;
  private final ExecutorService threads;
  private final HttpClient client;
  private final Map<String, String> addresses;

  /**
   * Makes the namespace, and leads it to the gateway.
   *
   * @param gateway as the agent's workload speaks to it
   * @param addresses of servers, agents and models by their names
   */
  RedirectedWay(GatewayAddress gateway, Map<String, String> addresses) throws IOException {
    this.addresses = Map.copyOf(addresses);
    namespace = NetworkNamespace.create();
    try (RouteSocket links = RouteSocket.open(namespace)) {
      links.setUp(links.index("lo"));
      redirect = Redirect.start(namespace, gateway);
    } catch (IOException | RuntimeException e) {
      namespace.close();
      throw e;
    }
    // The client opens its sockets on these threads, which are inside.
    threads = Executors.newCachedThreadPool(task -> namespace.newThread("redirected", task));
    client = HttpClient.newBuilder().executor(threads).version(HttpClient.Version.HTTP_1_1).build();
  }

  @Override
  public URI address(String path) {
    String[] parts = path.split("/", 4); // nothing, door, name, and perhaps more
    String server = parts.length < 3 ? null : addresses.get(parts[2]);
    if (server == null) {
      throw new IllegalArgumentException(path + " is known to the gateway only");
    }
    return URI.create(parts.length == 4 ? server.replaceFirst("/$", "") + "/" + parts[3] : server);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, handler);
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException(request.uri() + " does not answer: " + e.getCause(), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw e;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
    redirect.close();
    namespace.close();
  }
}
