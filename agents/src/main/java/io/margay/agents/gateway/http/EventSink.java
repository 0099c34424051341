package io.margay.agents.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Cuts a stream of server-sent events that is written to it, and gives the data of each as soon as
 * it is whole. An event that breaks off is not given.
 */
public final class EventSink extends OutputStream {
  private final Taker taker;
  private final int most;
  private final ByteArrayOutputStream event = new ByteArrayOutputStream();
  private EventBoundary boundary = EventBoundary.START;

  /** Takes the data of one event, which is not empty. */
  @FunctionalInterface
  public interface Taker {
    void take(String data) throws IOException;
  }

  /**
   * @param most bytes that an event may have: it has to fit in memory
   */
  public EventSink(int most, Taker taker) {
    this.most = most;
    this.taker = taker;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    int start = offset;
    int looked = offset;
    for (int i = offset; i < end; i++) {
      if (bytes[i] != '\n' && bytes[i] != '\r') {
        continue;
      }
      boundary = boundary.after(bytes, looked, i + 1 - looked);
      looked = i + 1;
      if (boundary.isBetweenEvents()) {
        event.write(bytes, start, looked - start);
        start = looked;
        give();
      }
    }
    boundary = boundary.after(bytes, looked, end - looked);
    event.write(bytes, start, end - start);
    if (event.size() > most) {
      throw new IOException("an event is larger than " + most + " bytes");
    }
  }

  private void give() throws IOException {
    String data = ServerEvents.data(event.toByteArray());
    event.reset();
    if (!data.isEmpty()) {
      taker.take(data);
    }
  }
}
