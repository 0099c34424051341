package io.margay.app.lab.machine;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the guest's script does, for a guest that is a namespace: a counter for each connection, and
 * each line back behind its number.
 */
final class GuestService implements AutoCloseable {
  /** The port on which a guest counts lines. */
  static final int PORT = 7;

  private static final Logger log = LoggerFactory.getLogger(GuestService.class);

  private final ServerSocketChannel channel;

  private GuestService(ServerSocketChannel channel) {
    this.channel = channel;
  }

  static GuestService start(NetworkNamespace guest) throws IOException {
    ServerSocketChannel channel =
        guest.run(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
    channel.bind(new InetSocketAddress("0.0.0.0", PORT));
    Thread.startVirtualThread(() -> accept(channel));
    return new GuestService(channel);
  }

  private static void accept(ServerSocketChannel channel) {
    while (channel.isOpen()) {
      try {
        Socket socket = channel.accept().socket();
        Thread.startVirtualThread(() -> count(socket));
      } catch (IOException e) {
        if (channel.isOpen()) {
          log.warn("{} does not accept: {}", channel, e.toString());
        }
      }
    }
  }

  private static void count(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      OutputStream out = socket.getOutputStream();
      String line = in.readLine();
      for (long count = 1; line != null; count++) {
        out.write((count + " " + line + "\n").getBytes(StandardCharsets.US_ASCII));
        line = in.readLine();
      }
    } catch (IOException e) {
      // The caller went away; it knows best what it saw.
      log.debug("a caller left: {}", e.toString());
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("{} does not close: {}", channel, e.toString());
    }
  }
}
