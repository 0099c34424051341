package io.margay.app.lab.traffic;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on one port of a pod with the pod's name and then what it was sent. All its threads are
 * virtual; they end when its channel is closed.
 */
final class EchoServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EchoServer.class);
  private static final int BACKLOG = 128;
  private static final int REQUEST_BYTES = 1024;
  private static final int PATIENCE_MILLIS = 5_000;

  private final Channel channel;

  private EchoServer(Channel channel) {
    this.channel = channel;
  }

  static EchoServer tcp(NetworkNamespace namespace, String pod, int port) throws IOException {
    ServerSocketChannel channel =
        namespace.run(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
    channel.bind(new InetSocketAddress("0.0.0.0", port), BACKLOG);
    byte[] greeting = greeting(pod);
    Thread.startVirtualThread(() -> accept(channel, greeting));
    return new EchoServer(channel);
  }

  static EchoServer udp(NetworkNamespace namespace, String pod, int port) throws IOException {
    DatagramChannel channel =
        namespace.run(() -> DatagramChannel.open(StandardProtocolFamily.INET));
    channel.bind(new InetSocketAddress("0.0.0.0", port));
    byte[] greeting = greeting(pod);
    Thread.startVirtualThread(() -> answerDatagrams(channel.socket(), greeting));
    return new EchoServer(channel);
  }

  private static byte[] greeting(String pod) {
    return (pod + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void accept(ServerSocketChannel channel, byte[] greeting) {
    while (channel.isOpen()) {
      try {
        Socket socket = channel.accept().socket();
        Thread.startVirtualThread(() -> answer(socket, greeting));
      } catch (IOException e) {
        if (channel.isOpen()) {
          log.warn("{} does not accept: {}", channel, e.toString());
        }
      }
    }
  }

  private static void answer(Socket socket, byte[] greeting) {
    try (socket) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      byte[] request = new byte[REQUEST_BYTES];
      int length = socket.getInputStream().read(request);
      if (length > 0) {
        socket.getOutputStream().write(greeting);
        socket.getOutputStream().write(request, 0, length);
      }
    } catch (IOException e) {
      // The caller went away; it knows best what it saw.
      log.debug("a caller left: {}", e.toString());
    }
  }

  private static void answerDatagrams(DatagramSocket socket, byte[] greeting) {
    DatagramPacket packet = new DatagramPacket(new byte[REQUEST_BYTES], REQUEST_BYTES);
    while (!socket.isClosed()) {
      try {
        packet.setLength(REQUEST_BYTES);
        socket.receive(packet);
        socket.send(new DatagramPacket(greeting, greeting.length, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          log.warn("a datagram was not answered: {}", e.toString());
        }
      }
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
