package io.margay.bench.gateway;

import io.margay.bench.Samples;
import io.margay.bench.gateway.PacedLoad.Connector;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * How long the first event of a stream is under way, while the rest has yet to come. The tool
 * server writes its clock into the event; it is of the same process, so the clocks are the same.
 */
final class FirstBytes {
  private FirstBytes() {}

  /** In milliseconds, one stream after the other on one connection. */
  static Samples measure(Connector connector, byte[] request, int streams) throws IOException {
    Samples millis = new Samples();
    try (Socket socket = connector.connect()) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      AnswerReader in = new AnswerReader(socket.getInputStream());
      for (int i = 0; i < streams; i++) {
        out.write(request);
        out.flush();
        millis.add(first(in));
      }
    }
    return millis;
  }

  private static double first(AnswerReader in) throws IOException {
    String status = in.line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("not an answer that was expected: " + status);
    }
    while (!in.line().isEmpty()) {
      // Streams have no length, so they come in chunks.
    }
    String event = new String(in.take(size(in)), StandardCharsets.US_ASCII).strip();
    double millis = (System.nanoTime() - Long.parseLong(event.substring("data: ".length()))) / 1e6;
    // A server may send the line end of a chunk with the next one, so it is read after the clock.
    in.skip(2);
    for (int size = size(in); size > 0; size = size(in)) {
      in.skip(size + 2L);
    }
    in.skip(2);
    return millis;
  }

  private static int size(AnswerReader in) throws IOException {
    return Integer.parseInt(in.line(), 16);
  }
}
