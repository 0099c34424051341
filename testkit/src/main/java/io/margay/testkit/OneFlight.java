package io.margay.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A TLS client whose first request goes out in one piece with the end of its handshake, as that of
 * a fast client may. Servers read such a request elsewhere than one that comes later.
 */
public final class OneFlight {
  private OneFlight() {}

  /**
   * Sends a GET and gives the connection, on which the answer comes.
   *
   * @param uri with host, port and path
   */
  public static Socket get(URI uri, SSLContext context) throws IOException {
    Held held = new Held(uri.getHost(), uri.getPort());
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(held, uri.getHost(), uri.getPort(), true);
    tls.setSoTimeout(60_000);
    // What it says first has to go out, or there would be no answer to it.
    tls.startHandshake();
    tls.getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n"
                .formatted(uri.getRawPath(), uri.getAuthority())
                .getBytes(StandardCharsets.US_ASCII));
    held.release();
    return tls;
  }

  /** Sends its first record at once, and what comes behind it when it is told to. */
  private static final class Held extends Socket {
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private boolean isHeld;

    private Held(String host, int port) throws IOException {
      super(host, port);
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      OutputStream out = super.getOutputStream();
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          if (isHeld) {
            waiting.write(bytes, offset, length);
          } else {
            out.write(bytes, offset, length);
            isHeld = true;
          }
        }
      };
    }

    private void release() throws IOException {
      isHeld = false;
      super.getOutputStream().write(waiting.toByteArray());
    }
  }
}
