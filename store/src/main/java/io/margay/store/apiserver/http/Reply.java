package io.margay.store.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** What the client gets. */
public sealed interface Reply {

  /** Warnings for the user, which kubectl prints. */
  default List<String> warnings() {
    return List.of();
  }

  /**
   * A JSON document.
   *
   * @param contentType with the parameters of the form that was asked for
   */
  record Json(int status, JsonNode body, String contentType, List<String> warnings)
      implements Reply {
    public Json {
      warnings = List.copyOf(warnings);
    }

    public Json(int status, JsonNode body) {
      this(status, body, "application/json", List.of());
    }
  }

  record Text(int status, String body) implements Reply {}

  record Binary(String contentType, byte[] body) implements Reply {}

  /** An answer without an end of its own: it is written, frame by frame, until this returns. */
  record Stream(String contentType, Body body) implements Reply {}

  /** Writes a stream. */
  @FunctionalInterface
  interface Body {
    /** Returns when the stream is over; throws if the client has gone. */
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }
}
