package io.margay.app.lab.machine;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.CraftedPacket;
import io.margay.kernel.packet.FrameSocket;
import io.margay.kernel.packet.RawSocket;
import io.margay.model.net.IpAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What the policies forbid, tried all the time: pods on each node send TCP, UDP and ICMP to the
 * guest, and whatever of it comes as far as a launcher's pod is counted there.
 */
final class DeniedTraffic implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final Duration LOOK_AROUND = Duration.ofMillis(100);
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 40_000;
  private static final byte[] PAYLOAD = {'?'};

  private final InetAddress guest;
  private final Set<InetAddress> intruders = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong tried = new AtomicLong();
  private final AtomicLong passed = new AtomicLong();
  private volatile boolean closed;

  DeniedTraffic(IpAddress guest) {
    this.guest = InetAddress.ofLiteral(guest.toString());
  }

  /** Lets a pod try. */
  synchronized void tryFrom(NetworkNamespace pod, IpAddress address) {
    InetAddress source = InetAddress.ofLiteral(address.toString());
    intruders.add(source);
    RawSocket socket = RawSocket.open(pod);
    start(
        "intruder-" + address,
        () -> {
          try (socket) {
            for (int i = 0; !closed; i++) {
              socket.send(packet(source, i));
              tried.incrementAndGet();
              LockSupport.parkNanos(PAUSE.toNanos());
            }
          }
        });
  }

  private byte[] packet(InetAddress source, int number) {
    int port = FIRST_PORT + number % PORTS;
    return switch (number % 3) {
      case 0 -> CraftedPacket.tcpSyn(source, port, guest, GuestService.PORT);
      case 1 -> CraftedPacket.udp(source, port, guest, GuestService.PORT, PAYLOAD);
      default -> CraftedPacket.echoRequest(source, guest, 1, number);
    };
  }

  /** Counts what comes to a launcher's pod, from now until the pod is gone. */
  synchronized void watch(Launcher launcher) {
    FrameSocket socket = launcher.capture();
    start(
        "watch-" + launcher.name(),
        () -> {
          try (socket) {
            while (!closed) {
              socket
                  .receive(LOOK_AROUND)
                  .flatMap(FrameSocket::ipHeader)
                  .filter(header -> intruders.contains(header.source()))
                  .ifPresent(_ -> passed.incrementAndGet());
            }
          } catch (KernelException e) {
            if (!e.is(Errno.ENETDOWN)) {
              throw e;
            }
            // The pod is gone, and its interface with it.
          }
        });
  }

  private void start(String name, Runnable work) {
    Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(work);
    threads.add(thread);
    thread.start();
  }

  long tried() {
    return tried.get();
  }

  /** How many packets came through; 0, or the policies are not enforced. */
  long passed() {
    return passed.get();
  }

  @Override
  public synchronized void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
