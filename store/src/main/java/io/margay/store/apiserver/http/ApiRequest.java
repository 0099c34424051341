package io.margay.store.apiserver.http;

import java.util.List;

/**
 * A request of a user who has proved who it is, its body already read.
 *
 * @param segments the parts of the path between slashes, decoded
 * @param contentType of the body; empty if the client did not say
 * @param userAgent empty if the client did not say
 * @param body empty if there is none
 */
public record ApiRequest(
    String method,
    List<String> segments,
    QueryParameters query,
    Accept accept,
    String contentType,
    String userAgent,
    String user,
    byte[] body) {

  public ApiRequest {
    segments = List.copyOf(segments);
  }

  public String path() {
    return "/" + String.join("/", segments);
  }
}
