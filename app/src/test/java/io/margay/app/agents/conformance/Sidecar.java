package io.margay.app.agents.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLContext;

/**
 * Lets a program into the gateway that has neither certificate nor token: a plain port on loopback,
 * whose connections go on over mutual TLS, with the user's token in their one request. All else
 * passes byte by byte, so the gateway sees what the program sent.
 */
final class Sidecar implements AutoCloseable {
  private static final int MOST_HEAD_BYTES = 64 * 1024;

  private final ServerSocket listening;

  /**
   * Where connections lead.
   *
   * @param tls with the agent's certificate
   * @param token of the user
   */
  record Way(URI gateway, SSLContext tls, String token) {}

  Sidecar() throws IOException {
    listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  void start(Way way) {
    Thread.ofVirtual()
        .start(() -> {
          while (!listening.isClosed()) {
            try {
              Socket client = listening.accept();
              Thread.ofVirtual().start(() -> lead(client, way));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private static void lead(Socket client, Way way) {
    URI gateway = way.gateway();
    try (client;
        Socket inside =
            way.tls().getSocketFactory().createSocket(gateway.getHost(), gateway.getPort())) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = inside.getOutputStream();
      out.write(head(in, way.token()).getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      Thread.ofVirtual()
          .start(() -> {
            pump(in, out);
            close(inside);
          });
      pump(inside.getInputStream(), client.getOutputStream());
    } catch (IOException e) {
      // The program sees its connection end, as it would without the sidecar.
    }
  }

  /** The head of a request with the token in it; the connection ends after the request. */
  private static String head(InputStream in, String token) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0 || head.size() > MOST_HEAD_BYTES) {
        throw new IOException("no request");
      }
      head.write(next);
      text = next == '\n' ? head.toString(StandardCharsets.ISO_8859_1) : "";
    }
    StringBuilder changed = new StringBuilder();
    for (String line : text.strip().split("\r\n", -1)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (!lower.startsWith("connection:") && !lower.startsWith("authorization:")) {
        changed.append(line).append("\r\n");
      }
    }
    return changed + "Connection: close\r\nAuthorization: Bearer " + token + "\r\n\r\n";
  }

  private static void pump(InputStream in, OutputStream out) {
    byte[] chunk = new byte[8192];
    try {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        out.write(chunk, 0, count);
        out.flush();
      }
    } catch (IOException e) {
      // One side has gone, so the other one's connection is closed as well.
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It was closed already.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
