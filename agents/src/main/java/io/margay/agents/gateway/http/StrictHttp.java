package io.margay.agents.gateway.http;

import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;

/** How requests are read wherever agents' requests come in. */
public final class StrictHttp {
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  private StrictHttp() {}

  /** What two servers could read differently is refused, and nothing is told of ourselves. */
  public static HttpConfiguration configuration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    // Jetty would keep the headers of each connection for the next request: 128 KiB for each, in
    // which a token of usual length finds no room, so that they are sorted in anew every time.
    http.setHeaderCacheSize(0);
    http.setHttpCompliance(HttpCompliance.RFC9110);
    http.setUriCompliance(UriCompliance.RFC3986);
    return http;
  }
}
