package io.margay.dataplane.check;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.FrameSocket;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.RouteSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What lies between and behind the nodes: a fabric that joins their uplinks, and one namespace with
 * the far ends of all pods' cables and the world outside. Nothing there has an address or answers;
 * frames are put on the cables and watched.
 */
final class Wires implements AutoCloseable {
  /** The hardware address of whatever is outside. */
  static final MacAddress OUTSIDE = MacAddress.parse("02:02:00:00:00:01");

  private static final Duration WATCH = Duration.ofMillis(200);

  private final NetworkNamespace fabric = NetworkNamespace.create();
  private final NetworkNamespace ends = NetworkNamespace.create();
  private final RouteSocket fabricRoutes = RouteSocket.open(fabric);
  private final RouteSocket endRoutes = RouteSocket.open(ends);
  private final int bridge;
  private final FrameSocket outside;
  private final FrameSocket capture;
  private final List<FrameSocket> cables = new ArrayList<>();
  private final Thread watcher;
  private volatile boolean closing;
  private int cableCount;
  private int uplinkCount;

  /**
   * @param frames takes every frame that arrives at an end, on a thread of its own
   */
  Wires(Consumer<byte[]> frames) {
    for (NetworkNamespace namespace : List.of(fabric, ends)) {
      namespace.setSysctl("net/ipv6/conf/default/disable_ipv6", "1");
      namespace.setSysctl("net/ipv6/conf/all/disable_ipv6", "1");
    }
    bridge = fabricRoutes.createLink(new LinkSpec.Bridge("fabric"));
    fabricRoutes.setUp(bridge);
    int port = fabricRoutes.createVeth("outside", "outside", ends);
    int end = endRoutes.index("outside");
    plug(port);
    endRoutes.setUp(end);
    outside = FrameSocket.open(ends, end);
    capture = FrameSocket.open(ends, 0); // all interfaces
    watcher = Thread.ofPlatform().daemon().name("wire-watcher").unstarted(() -> watch(frames));
    watcher.start();
  }

  private void watch(Consumer<byte[]> frames) {
    while (!closing) {
      Optional<byte[]> frame = capture.receive(WATCH);
      frame.ifPresent(frames);
    }
  }

  private void plug(int port) {
    fabricRoutes.setMaster(port, bridge);
    fabricRoutes.setUp(port);
  }

  /** The far end of a pod's cable. */
  record Cable(FrameSocket end, MacAddress mac) {}

  /** Makes an interface on a node whose far end is here. */
  Cable cable(RouteSocket node, String name) {
    int number = ++cableCount;
    node.createVeth(name, "c" + number, ends);
    int end = endRoutes.index("c" + number);
    endRoutes.setUp(end);
    FrameSocket socket = FrameSocket.open(ends, end);
    cables.add(socket);
    return new Cable(socket, new MacAddress(0x0200_0000_0000L + number));
  }

  /** Makes an interface on a node that is joined to the fabric. */
  void uplink(RouteSocket node, String name) {
    int number = ++uplinkCount;
    node.createVeth(name, "u" + number, fabric);
    plug(fabricRoutes.index("u" + number));
  }

  /** Sends a frame into the fabric from outside. */
  void sendFromOutside(byte[] frame) {
    outside.send(frame);
  }

  @Override
  public void close() {
    closing = true;
    boolean interrupted = false;
    while (watcher.isAlive()) {
      try {
        watcher.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    cables.forEach(FrameSocket::close);
    outside.close();
    capture.close();
    fabricRoutes.close();
    endRoutes.close();
    fabric.close();
    ends.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
