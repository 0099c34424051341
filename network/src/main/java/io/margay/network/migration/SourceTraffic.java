package io.margay.network.migration;

import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.LinkTraffic;
import io.margay.kernel.route.RouteSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches when a machine sends its last packet at the source: the interface's counters, every two
 * milliseconds. Says afterwards how long the machine was silent until it had come to the target.
 */
final class SourceTraffic implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(2);

  private final NetworkNamespace namespace;
  private final String link;
  private final InstantSource clock;
  private volatile Optional<Last> last = Optional.empty();
  private volatile boolean closed;

  /**
   * The machine's last packet.
   *
   * @param sentAt how many packets had gone to the machine by then
   * @param sent how many have by now
   */
  private record Last(Instant at, long received, long sentAt, long sent) {}

  /**
   * How a switch was for the others.
   *
   * @param packets that went to the source after the machine's last one
   */
  record Gap(long millis, long packets) {}

  private SourceTraffic(NetworkNamespace namespace, String link, InstantSource clock) {
    this.namespace = namespace;
    this.link = link;
    this.clock = clock;
  }

  static SourceTraffic start(NetworkNamespace namespace, String link, InstantSource clock) {
    SourceTraffic traffic = new SourceTraffic(namespace, link, clock);
    Thread.ofPlatform().daemon().name("traffic-" + link).start(traffic::run);
    return traffic;
  }

  private void run() {
    try (RouteSocket routes = RouteSocket.open(namespace)) {
      int index = routes.index(link);
      while (!closed) {
        LinkTraffic now = routes.traffic(index);
        Instant at = clock.instant();
        last =
            Optional.of(
                last.filter(before -> before.received() == now.received())
                    .map(before ->
                        new Last(before.at(), now.received(), before.sentAt(), now.sent()))
                    .orElse(new Last(at, now.received(), now.sent(), now.sent())));
        LockSupport.parkNanos(INTERVAL.toNanos());
      }
    } catch (KernelException e) {
      // The interface went with the machine; what was seen until then counts.
      closed = true;
    }
  }

  /**
   * The gap until a moment of the target's clock; empty if nothing was seen, or if the machine sent
   * packets here after it, by this node's clock.
   */
  Optional<Gap> until(Instant arrival) {
    return last.filter(seen -> !seen.at().isAfter(arrival))
        .map(seen ->
            new Gap(Duration.between(seen.at(), arrival).toMillis(), seen.sent() - seen.sentAt()));
  }

  @Override
  public void close() {
    closed = true;
  }
}
