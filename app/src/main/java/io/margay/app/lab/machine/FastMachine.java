package io.margay.app.lab.machine;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.FrameSocket;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A namespace that stands for a guest: its cable is pulled out of one pod and put into the other,
 * and then it says who it is, as a hypervisor does for its guest. Memory and connections stay, as
 * they do in a migration.
 */
final class FastMachine implements LabMachine {
  private static final String GATEWAY = "169.254.1.1";
  private static final int MTU = 1450;
  private static final int ETHERTYPE_ARP = 0x0806;

  /** {@code eth0} is in it, and the cable's other end in a launcher's pod. */
  private final NetworkNamespace guest;

  private final GuestService service;

  /**
   * @param guest an empty namespace, which stays the caller's
   */
  FastMachine(NetworkNamespace guest) throws IOException {
    this.guest = guest;
    this.service = GuestService.start(guest);
  }

  @Override
  public String kind() {
    return "a network namespace in place of a guest";
  }

  @Override
  public void start(Launcher launcher) {
    InetAddress gateway = InetAddress.ofLiteral(GATEWAY);
    try (RouteSocket pod = RouteSocket.open(launcher.namespace());
        RouteSocket inside = RouteSocket.open(guest)) {
      pod.createVeth(Launcher.TAP, Launcher.POD_INTERFACE, guest);
      int eth0 = inside.index(Launcher.POD_INTERFACE);
      inside.setMac(eth0, launcher.mac());
      inside.setMtu(eth0, MTU);
      inside.addAddress(eth0, IpPrefix.single(address(launcher)));
      inside.setUp(eth0);
      inside.addRoute(Route.to(IpPrefix.single(gateway)).withDevice(eth0));
      inside.addRoute(Route.to(IpPrefix.allIpv4()).withVia(gateway).withDevice(eth0));
    }
    launcher.plug();
  }

  private static InetAddress address(Launcher launcher) {
    return InetAddress.ofLiteral(launcher.address().toString());
  }

  /** There is no second process to start. */
  @Override
  public void prepare(Launcher target) {}

  @Override
  public Duration migrate(Launcher source, Launcher target) {
    // Opened before, as a hypervisor has its guest's interface at hand: only the word is sent then.
    try (RouteSocket pod = RouteSocket.open(source.namespace());
        RouteSocket inside = RouteSocket.open(guest);
        FrameSocket voice = FrameSocket.open(guest, inside.index(Launcher.POD_INTERFACE))) {
      byte[] announcement = announcement(target);
      long stopped = System.nanoTime();
      pod.moveTo(pod.index(Launcher.TAP), target.namespace());
      target.plug();
      long running = System.nanoTime();
      voice.send(announcement);
      return Duration.ofNanos(running - stopped);
    }
  }

  /** A gratuitous ARP: a request for the own address, to everybody. */
  private static byte[] announcement(Launcher launcher) {
    byte[] mac = launcher.mac().bytes();
    byte[] address = address(launcher).getAddress();
    ByteBuffer frame = ByteBuffer.allocate(42);
    for (int i = 0; i < mac.length; i++) {
      frame.put((byte) 0xff);
    }
    frame.put(mac).putShort((short) ETHERTYPE_ARP);
    frame.putShort((short) 1).putShort((short) 0x0800); // Ethernet, IPv4
    frame.put((byte) mac.length).put((byte) address.length).putShort((short) 1); // a request
    frame.put(mac).put(address).put(new byte[mac.length]).put(address);
    return frame.array();
  }

  @Override
  public void close() {
    service.close();
  }
}
