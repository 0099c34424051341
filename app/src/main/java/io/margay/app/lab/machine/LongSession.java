package io.margay.app.lab.machine;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection that lasts: a line every few milliseconds, which the guest must answer with
 * the number that follows the last one. A connection that was set up anew would begin at 1.
 */
final class LongSession implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int CONNECT_MILLIS = 20_000;

  /** Longer than any migration should take, far shorter than TCP's own patience. */
  private static final int ANSWER_MILLIS = 30_000;

  private final Socket socket;
  private volatile long answered;
  private volatile @Nullable String failure;
  private volatile boolean closed;

  private LongSession(Socket socket) {
    this.socket = socket;
  }

  /** Connects a client to the guest. */
  static LongSession begin(NetworkNamespace client, InetSocketAddress guest) throws IOException {
    SocketChannel channel = client.run(() -> SocketChannel.open(StandardProtocolFamily.INET));
    Socket socket = channel.socket();
    try {
      socket.connect(guest, CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(ANSWER_MILLIS);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    LongSession session = new LongSession(socket);
    Thread.ofVirtual().name("long-session").start(session::talk);
    return session;
  }

  private void talk() {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      OutputStream out = socket.getOutputStream();
      for (long count = 1; !closed; count++) {
        out.write("hello\n".getBytes(StandardCharsets.US_ASCII));
        String answer = in.readLine();
        if (!(count + " hello").equals(answer)) {
          failure = "line " + count + " was answered by " + answer;
          return;
        }
        answered = count;
        Thread.sleep(PAUSE);
      }
    } catch (IOException e) {
      failure = closed ? null : "after " + answered + " lines: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many lines were answered. */
  long answered() {
    return answered;
  }

  /** What ended it; null while it lasts. */
  @Nullable String failure() {
    return failure;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    socket.close();
  }
}
