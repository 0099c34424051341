package io.margay.console.http;

import java.io.IOException;

/** Answers a request. Runs on a virtual thread and may block. */
@FunctionalInterface
public interface Endpoint {
  void serve(Exchange exchange) throws IOException;
}
