package io.margay.console.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes server-sent events, a batch with one write. */
public final class EventWriter implements AutoCloseable {
  private final OutputStream out;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

  public EventWriter(Exchange exchange) {
    this.out = exchange.eventStream();
  }

  /** An event without a name. JSON holds no line breaks, so one data line does. */
  public void data(byte[] json) {
    text("data: ");
    pending.writeBytes(json);
    text("\n\n");
  }

  public void data(byte[] json, String id) {
    text("id: " + id + "\n");
    data(json);
  }

  public void event(String name, String id, String data) {
    text("event: " + name + "\nid: " + id + "\ndata: " + data + "\n\n");
  }

  /** An event that leaves the client's last id as it is. */
  public void event(String name, String data) {
    text("event: " + name + "\ndata: " + data + "\n\n");
  }

  /** A line that clients pass over. */
  public void comment(String text) {
    text(": " + text + "\n\n");
  }

  private void text(String text) {
    pending.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  public boolean hasPending() {
    return pending.size() > 0;
  }

  /** Sends what is pending, and the headers if nothing was sent yet; waits for a slow client. */
  public void flush() throws IOException {
    pending.writeTo(out);
    pending.reset();
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
