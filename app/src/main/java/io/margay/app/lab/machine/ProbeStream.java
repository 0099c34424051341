package io.margay.app.lab.machine;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.CraftedPacket;
import io.margay.kernel.packet.FrameSocket;
import io.margay.kernel.packet.IpProtocol;
import io.margay.kernel.packet.PacketHeader;
import io.margay.kernel.packet.RawSocket;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.IpAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * An echo request every millisecond, and when the answers come. The guest's kernel answers, so what
 * is seen is the network and the guest's stop, not a program's turn.
 */
final class ProbeStream implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(1);
  private static final Duration LOOK_AROUND = Duration.ofMillis(100);
  private static final int ECHO_REPLY = 0;
  private static final int IDENTIFIER = 0x4d47;
  private static final int FIRST_ROOM = 1 << 16;

  private final RawSocket sender;
  private final FrameSocket receiver;
  private final InetAddress client;
  private final InetAddress guest;
  private final Thread sending;
  private final Thread receiving;

  /** When answers came, in {@link System#nanoTime}; guarded by this. */
  private long[] arrivals = new long[FIRST_ROOM];

  private int answered;
  private long sent;
  private volatile boolean closed;

  private ProbeStream(NetworkNamespace namespace, IpAddress from, IpAddress to) {
    this.client = InetAddress.ofLiteral(from.toString());
    this.guest = InetAddress.ofLiteral(to.toString());
    this.sender = RawSocket.open(namespace);
    try (RouteSocket links = RouteSocket.open(namespace)) {
      this.receiver = FrameSocket.open(namespace, links.index(Launcher.POD_INTERFACE));
    } catch (RuntimeException e) {
      sender.close();
      throw e;
    }
    // Platform threads: a virtual one would wait for its turn behind others.
    this.sending = Thread.ofPlatform().daemon().name("probes-out").unstarted(this::send);
    this.receiving = Thread.ofPlatform().daemon().name("probes-in").unstarted(this::receive);
  }

  static ProbeStream start(NetworkNamespace namespace, IpAddress from, IpAddress to) {
    ProbeStream stream = new ProbeStream(namespace, from, to);
    stream.receiving.start();
    stream.sending.start();
    return stream;
  }

  private void send() {
    long next = System.nanoTime();
    for (int sequence = 0; !closed; sequence++) {
      sender.send(CraftedPacket.echoRequest(client, guest, IDENTIFIER, sequence));
      synchronized (this) {
        sent++;
      }
      // From the plan, not from now: a thread that came late catches up.
      next += PERIOD.toNanos();
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void receive() {
    while (!closed) {
      Optional<byte[]> frame = receiver.receive(LOOK_AROUND);
      long now = System.nanoTime();
      if (frame.flatMap(FrameSocket::ipHeader).filter(this::isAnswer).isPresent()) {
        synchronized (this) {
          if (answered == arrivals.length) {
            arrivals = Arrays.copyOf(arrivals, 2 * answered);
          }
          arrivals[answered++] = now;
        }
      }
    }
  }

  private boolean isAnswer(PacketHeader header) {
    return header.protocol() == IpProtocol.ICMP
        && header.icmpType() == ECHO_REPLY
        && header.source().equals(guest);
  }

  synchronized long sent() {
    return sent;
  }

  synchronized long answered() {
    return answered;
  }

  /** The longest time without an answer since a moment of {@link System#nanoTime}. */
  synchronized Duration longestGapSince(long since) {
    long longest = 0;
    long before = since;
    for (int i = 0; i < answered; i++) {
      if (arrivals[i] >= since) {
        longest = Math.max(longest, arrivals[i] - before);
        before = arrivals[i];
      }
    }
    return Duration.ofNanos(Math.max(longest, System.nanoTime() - before));
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    sending.join();
    receiving.join();
    sender.close();
    receiver.close();
  }
}
