package io.margay.console.http;

import io.margay.console.flow.FlowEndpoints;
import io.margay.console.page.StaticFiles;
import io.margay.console.policies.PolicyEndpoints;
import io.margay.console.status.StatusEndpoints;
import io.margay.console.why.WhyEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks requests and leads each to its endpoint. */
public final class ConsoleHandler extends Handler.Abstract {
  private static final Logger log = LoggerFactory.getLogger(ConsoleHandler.class);
  private static final String POLICIES = "/api/v1/policies/";

  /** Whisker's page asks its backend under this path. */
  private static final String WHISKER_PREFIX = "/whisker-backend";

  private final HostCheck hostCheck;
  private final FlowEndpoints flows;
  private final PolicyEndpoints policies;
  private final WhyEndpoint why;
  private final StatusEndpoints status;
  private final StaticFiles page;

  public ConsoleHandler(
      HostCheck hostCheck,
      FlowEndpoints flows,
      PolicyEndpoints policies,
      WhyEndpoint why,
      StatusEndpoints status,
      StaticFiles page) {
    this.hostCheck = hostCheck;
    this.flows = flows;
    this.policies = policies;
    this.why = why;
    this.status = status;
    this.page = page;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    SecurityHeaders.addTo(response.getHeaders());
    try {
      try {
        hostCheck.check(Request.getServerName(request));
        checkMethod(request, response);
        route(Request.getPathInContext(request), new Exchange(request, response));
      } catch (HttpFailure e) {
        if (response.isCommitted()) {
          throw new IOException("the answer had begun", e);
        }
        response.setStatus(e.status());
        send(response, Json.error(e.reason()), callback);
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

  private static void checkMethod(Request request, Response response) {
    String method = request.getMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      throw new HttpFailure(405, method + " is not served here, the console only shows: use GET");
    }
  }

  private void route(String path, Exchange exchange) throws IOException {
    switch (path) {
      case "/api/v1/flows" -> flows.list(exchange);
      case "/api/v1/flows/stream" -> flows.stream(exchange);
      case "/api/v1/flows/hints" -> flows.hints(exchange);
      case "/api/v1/tiers" -> policies.tiers(exchange);
      case "/api/v1/status" -> status.status(exchange);
      case "/api/v1/why" -> why.explain(exchange);
      case "/metrics" -> status.metrics(exchange);
      case "/flows", WHISKER_PREFIX + "/flows" -> flows.whiskerFlows(exchange);
      case "/flows-filter-hints", WHISKER_PREFIX + "/flows-filter-hints" -> flows.hints(exchange);
      default -> {
        if (path.startsWith(POLICIES)) {
          policies.policy(exchange, path.substring(POLICIES.length()));
        } else if (path.startsWith("/api/") || path.startsWith(WHISKER_PREFIX)) {
          throw HttpFailure.notFound(path + " does not exist, see docs/api.md");
        } else {
          page.serve(exchange, path);
        }
      }
    }
  }

  private static void send(Response response, byte[] body, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
