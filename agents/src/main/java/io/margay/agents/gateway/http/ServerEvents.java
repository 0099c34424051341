package io.margay.agents.gateway.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events, read one by one. An event is given as its bytes, the empty line included, so
 * that what is not looked into passes unchanged.
 */
public final class ServerEvents {
  /** An event has to fit in memory to be looked into. */
  private static final int MAX_EVENT_BYTES = 16 << 20;

  private final InputStream in;

  /** Lines end with CR, LF or both; an LF that belongs to a CR may come with the next event. */
  private boolean afterReturn;

  public ServerEvents(InputStream in) {
    this.in = new BufferedInputStream(in, 8192);
  }

  /** The next event; null at the end. An event that breaks off is not given. */
  public byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    int lineLength = 0;
    while (true) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      event.write(next);
      if (event.size() > MAX_EVENT_BYTES) {
        throw new IOException("an event is larger than " + MAX_EVENT_BYTES + " bytes");
      }
      boolean restOfPair = next == '\n' && afterReturn;
      afterReturn = next == '\r';
      if (restOfPair) {
        continue;
      }
      if (next != '\n' && next != '\r') {
        lineLength++;
      } else if (lineLength == 0) {
        return event.toByteArray();
      } else {
        lineLength = 0;
      }
    }
  }

  /** The data of an event, its lines joined; empty when it has none. */
  public static String data(byte[] event) {
    StringBuilder data = new StringBuilder();
    boolean some = false;
    for (String line : new String(event, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1)) {
      if (line.startsWith("data:")) {
        if (some) {
          data.append('\n');
        }
        data.append(line.startsWith("data: ") ? line.substring(6) : line.substring(5));
        some = true;
      }
    }
    return data.toString();
  }

  /** The same event with other data. */
  public static byte[] withData(byte[] event, byte[] data) {
    StringBuilder head = new StringBuilder();
    for (String line : new String(event, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1)) {
      if (!line.isEmpty() && !line.startsWith("data:")) {
        head.append(line).append('\n');
      }
    }
    head.append("data: ").append(new String(data, StandardCharsets.UTF_8)).append("\n\n");
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }
}
