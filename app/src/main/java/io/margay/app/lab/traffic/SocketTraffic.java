package io.margay.app.lab.traffic;

import io.margay.app.lab.cluster.ClusterNetwork;
import io.margay.app.lab.cluster.LabPod;
import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Pod.ContainerPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Calls through real sockets. They are opened inside the pods' namespaces and then used from
 * virtual threads, so that one process can be all pods.
 */
public final class SocketTraffic implements Traffic {
  private static final byte[] REQUEST =
      "GET / HTTP/1.0\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int ANSWER_BYTES = 2048;

  private final ClusterNetwork network;
  private final List<EchoServer> servers = new ArrayList<>();

  private SocketTraffic(ClusterNetwork network) {
    this.network = network;
  }

  /** Lets every pod listen on its container ports. */
  public static SocketTraffic start(ClusterNetwork network, Collection<LabPod> pods)
      throws IOException {
    SocketTraffic traffic = new SocketTraffic(network);
    try {
      for (LabPod pod : pods) {
        for (ContainerPort port : pod.workload().ports()) {
          traffic.listen(pod, port);
        }
      }
      return traffic;
    } catch (IOException | RuntimeException e) {
      traffic.close();
      throw e;
    }
  }

  private void listen(LabPod pod, ContainerPort port) throws IOException {
    if (port.protocol().equals(Protocol.TCP)) {
      servers.add(EchoServer.tcp(network.pod(pod), pod.toString(), port.containerPort()));
    } else if (port.protocol().equals(Protocol.UDP)) {
      servers.add(EchoServer.udp(network.pod(pod), pod.toString(), port.containerPort()));
    }
  }

  @Override
  public Reach call(Conversation conversation, Begin begin) {
    try {
      InetSocketAddress target = target(conversation);
      return conversation.protocol().equals(Protocol.UDP)
          ? callUdp(conversation, target, begin)
          : callTcp(conversation, target, begin);
    } catch (SocketTimeoutException e) {
      return new Reach.Silent();
    } catch (ConnectException | PortUnreachableException e) {
      // The kernel also says so when a connection timed out by itself.
      return String.valueOf(e.getMessage()).contains("refused")
              || e instanceof PortUnreachableException
          ? new Reach.Refused()
          : new Reach.Silent();
    } catch (IOException e) {
      return new Reach.Failed(e.toString());
    }
  }

  private Reach callTcp(Conversation conversation, InetSocketAddress target, Begin begin)
      throws IOException {
    try (SocketChannel channel =
            network
                .pod(conversation.from())
                .run(() -> SocketChannel.open(StandardProtocolFamily.INET));
        Socket socket = channel.socket()) {
      channel.bind(new InetSocketAddress(inet(conversation.from().address()), 0));
      int timeout = begin.with(socket.getLocalPort());
      socket.connect(target, timeout);
      socket.setSoTimeout(timeout);
      socket.getOutputStream().write(REQUEST);
      return answer(socket.getInputStream().readNBytes(ANSWER_BYTES));
    }
  }

  private Reach callUdp(Conversation conversation, InetSocketAddress target, Begin begin)
      throws IOException {
    try (DatagramChannel channel =
            network
                .pod(conversation.from())
                .run(() -> DatagramChannel.open(StandardProtocolFamily.INET));
        DatagramSocket socket = channel.socket()) {
      channel.bind(new InetSocketAddress(inet(conversation.from().address()), 0));
      socket.setSoTimeout(begin.with(socket.getLocalPort()));
      channel.connect(target);
      socket.send(new DatagramPacket(REQUEST, REQUEST.length));
      DatagramPacket packet = new DatagramPacket(new byte[ANSWER_BYTES], ANSWER_BYTES);
      socket.receive(packet);
      return answer(packet.getData());
    }
  }

  private static Reach answer(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    return end < 0
        ? new Reach.Failed("the answer broke off")
        : new Reach.Answered(text.substring(0, end));
  }

  private static InetSocketAddress target(Conversation conversation) {
    IpAddress service = conversation.serviceAddress();
    if (service != null) {
      return new InetSocketAddress(inet(service), conversation.call().port());
    }
    List<Backend> backends = conversation.backends();
    Backend one = backends.get(ThreadLocalRandom.current().nextInt(backends.size()));
    return new InetSocketAddress(inet(one.pod().address()), one.port());
  }

  private static InetAddress inet(IpAddress address) {
    return InetAddress.ofLiteral(address.toString());
  }

  @Override
  public void close() {
    servers.forEach(EchoServer::close);
  }
}
