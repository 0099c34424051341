package io.margay.console.flow;

import io.margay.console.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes server-sent events, a batch with one write. */
final class EventWriter implements AutoCloseable {
  private final OutputStream out;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  EventWriter(Exchange exchange) {
    this.out = exchange.eventStream();
  }

  /** An event without a name. JSON holds no line breaks, so one data line does. */
  void data(byte[] json) {
    text("data: ");
    pending.writeBytes(json);
    text("\n\n");
  }

  void data(byte[] json, String id) {
    text("id: " + id + "\n");
    data(json);
  }

  void event(String name, String id, String data) {
    text("event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n");
  }

  /** A line that clients pass over. */
  void comment(String text) {
    text(": " + text + "\n\n");
  }

  private void text(String text) {
    pending.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  boolean hasPending() {
    return pending.size() > 0;
  }

  /** Sends what is pending, and the headers if nothing was sent yet; waits for a slow client. */
  void flush() throws IOException {
    pending.writeTo(out);
    pending.reset();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
