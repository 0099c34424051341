package io.margay.console.signin;

import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;

/**
 * Refuses what another site's page makes a browser send, where no CSRF token can be asked for:
 * before anybody is signed in. Browsers say with every such request where it comes from; programs
 * that are no browsers say nothing, and are nobody's tool.
 */
final class OriginCheck {
  private OriginCheck() {}

  static void check(Exchange exchange) {
    String site = exchange.header("Sec-Fetch-Site").orElse("none");
    boolean foreignSite = !site.equals("same-origin") && !site.equals("none");
    boolean foreignOrigin =
        exchange
            .header("Origin")
            .filter(origin -> !origin.equals("http://" + exchange.header("Host").orElse("")))
            .filter(origin -> !origin.equals("https://" + exchange.header("Host").orElse("")))
            .isPresent();
    boolean reads = exchange.method().equals("GET") || exchange.isHead();
    if (!reads && (foreignSite || foreignOrigin)) {
      throw new HttpFailure(403, "the request comes from a page of another site");
    }
  }
}
