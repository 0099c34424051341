package io.margay.console.http;

import java.util.Optional;
import java.util.function.Function;

/** Is told of every request, to count, time or trace it. */
@FunctionalInterface
public interface RequestObserver {

  /**
   * A request begins; its thread goes on with it.
   *
   * @param route the path with its parameters in braces: there are few of them
   * @param header reads a header of the request
   */
  Ongoing began(String method, String route, Function<String, Optional<String>> header);

  /** A request that is being served. */
  interface Ongoing {
    /** It was answered, or its client went away. Called once, on the same thread. */
    void ended(int status);
  }

  /** Takes no notice. */
  RequestObserver NONE = (_, _, _) -> _ -> {};

  /** Tells both. */
  default RequestObserver and(RequestObserver other) {
    return (method, route, header) -> {
      Ongoing one = began(method, route, header);
      Ongoing two = other.began(method, route, header);
      return status -> {
        two.ended(status);
        one.ended(status);
      };
    };
  }
}
