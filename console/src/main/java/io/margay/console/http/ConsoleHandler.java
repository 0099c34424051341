package io.margay.console.http;

import io.margay.console.access.AccessUnavailableException;
import io.margay.console.access.Caller;
import io.margay.console.http.RequestObserver.Ongoing;
import io.margay.console.http.Routes.Found;
import io.margay.flows.shard.MissingShards;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks requests and leads each to its endpoint: is it meant for this server, is anything served
 * there, who asks. The page's files are for everybody: without them nobody could sign in.
 */
public final class ConsoleHandler extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(ConsoleHandler.class);
  private static final String PAGE = "page";

  private final HostCheck hostCheck;
  private final Routes routes;
  private final Guard guard;
  private final RequestObserver observer;
  private final Page page;

  /** Serves what no route serves: the page's files. */
  @FunctionalInterface
  public interface Page {
    void serve(Exchange exchange, String path) throws IOException;
  }

  public ConsoleHandler(
      HostCheck hostCheck, Routes routes, Guard guard, RequestObserver observer, Page page) {
    this.hostCheck = hostCheck;
    this.routes = routes;
    this.guard = guard;
    this.observer = observer;
    this.page = page;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    SecurityHeaders.addTo(response.getHeaders());
    String path = Request.getPathInContext(request);
    try {
      try {
        hostCheck.check(Request.getServerName(request));
        serve(path, request, response);
      } catch (HttpFailure e) {
        answer(path, e, response, callback);
        return true;
      } catch (AccessUnavailableException e) {
        log.warn("{} {} is refused: {}", request.getMethod(), path, e.getMessage());
        answer(path, new HttpFailure(503, String.valueOf(e.getMessage())), response, callback);
        return true;
      }
      callback.succeeded();
    } catch (IOException e) {
      // The client is gone, or does not read: there is nobody to tell.
      log.debug("{} ended: {}", request.getHttpURI().getPath(), e.toString());
      callback.failed(e);
    } catch (RuntimeException e) {
      log.error("{} failed", request.getHttpURI().getPath(), e);
      Response.writeError(request, response, callback, 500);
    }
    return true;
  }

  private void serve(String path, Request request, Response response) throws IOException {
    Optional<Found> found = routes.find(request.getMethod(), path);
    String name = found.map(f -> f.route().path()).orElse(PAGE);
    Ongoing ongoing =
        observer.began(
            request.getMethod(),
            name,
            header -> Optional.ofNullable(request.getHeaders().get(header)));
    int status = 500;
    try {
      if (found.isPresent()) {
        serve(found.get(), request, response);
      } else {
        servePage(path, new Exchange(request, response, Map.of()));
      }
      status = response.getStatus();
    } catch (HttpFailure e) {
      status = e.status();
      throw e;
    } catch (IOException e) {
      // As others count it: the client closed the request.
      status = 499;
      throw e;
    } finally {
      ongoing.ended(status);
    }
  }

  private void serve(Found found, Request request, Response response) throws IOException {
    Exchange exchange = new Exchange(request, response, found.parameters());
    Caller caller = found.route().open() ? Caller.NOBODY : guard.admit(exchange);
    Exchange asked = exchange.as(caller);
    MissingShards.noting(() -> found.route().endpoint().serve(asked));
  }

  private void servePage(String path, Exchange exchange) throws IOException {
    if (Routes.isApi(path)) {
      throw HttpFailure.notFound(path + " does not exist, see docs/api.md");
    }
    if (!exchange.method().equals("GET") && !exchange.isHead()) {
      throw Routes.methodNotServed(exchange.method(), new TreeSet<>(List.of("GET")));
    }
    page.serve(exchange, path);
  }

  private static void answer(String path, HttpFailure failure, Response response, Callback callback)
      throws IOException {
    if (response.isCommitted()) {
      throw new IOException("the answer had begun", failure);
    }
    response.setStatus(failure.status());
    failure.headers().forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    byte[] body = Routes.isWhiskers(path) ? Json.error(failure.reason()) : Json.failure(failure);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
