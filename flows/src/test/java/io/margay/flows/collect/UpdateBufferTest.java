package io.margay.flows.collect;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;
import static io.margay.flows.Fixtures.counted;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowUpdate;
import io.margay.flows.attribution.Attributor;
import io.margay.model.flow.FlowEvent.Traffic;
import io.margay.model.net.Packet;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpdateBufferTest {
  private static final Packet FIRST = tcp("10.0.0.1", 1000, "10.0.0.2", 80);
  private static final Packet SECOND = tcp("10.0.0.1", 1001, "10.0.0.2", 80);

  private final DropCounters drops = new DropCounters();
  private final UpdateBuffer buffer = new UpdateBuffer(10, drops);
  private final Attributor attributor = new Attributor(100, buffer);
  private long sequence;

  private List<FlowUpdate> drain(Instant now) {
    return buffer.drain(now, () -> new FlowUpdate.Origin("node-1", ++sequence));
  }

  private FlowUpdate only(Instant now) {
    List<FlowUpdate> updates = drain(now);
    assertThat(updates).hasSize(1);
    return updates.getFirst();
  }

  @Test
  void tellsEachPacketOnce() {
    attributor.accept(judged(T0, FIRST, DENIED));
    attributor.accept(judged(T0.plusSeconds(1), SECOND, DENIED));
    FlowUpdate both = only(T0.plusSeconds(1));
    assertThat(both.bucket()).isEqualTo(T0);
    assertThat(both.counters().started()).isEqualTo(2);
    assertThat(both.counters().packetsIn()).isEqualTo(2);
    assertThat(drain(T0.plusSeconds(2))).isEmpty();
    attributor.accept(judged(T0.plusSeconds(3), FIRST, DENIED));
    assertThat(only(T0.plusSeconds(3)).counters().started()).isEqualTo(1);
  }

  /** In each bucket the told numbers of open connections sum up to the level. */
  @Test
  void openConnectionsAreALevelInEachBucket() {
    attributor.accept(judged(T0, FIRST, ALLOWED));
    assertThat(only(T0).counters().live()).isEqualTo(1);
    attributor.accept(judged(T0.plusSeconds(1), SECOND, ALLOWED));
    assertThat(only(T0.plusSeconds(1)).counters().live()).isEqualTo(1);
    attributor.accept(
        counted(T0.plusSeconds(2), FIRST, ALLOWED, new Traffic(1, 60), Traffic.NONE, true));
    assertThat(only(T0.plusSeconds(2)).counters().live()).isEqualTo(-1);

    Instant next = T0.plusSeconds(15);
    attributor.accept(counted(next, SECOND, ALLOWED, new Traffic(3, 180), Traffic.NONE, false));
    FlowUpdate update = only(next);
    assertThat(update.bucket()).isEqualTo(next);
    assertThat(update.counters().live()).isEqualTo(1);
  }

  @Test
  void whatComesLateTellsNoLevel() {
    attributor.accept(judged(T0, FIRST, ALLOWED));
    drain(T0);
    drain(T0.plusSeconds(60));
    attributor.accept(counted(T0, FIRST, ALLOWED, new Traffic(5, 300), Traffic.NONE, false));
    FlowUpdate late = only(T0.plusSeconds(61));
    assertThat(late.bucket()).isEqualTo(T0);
    assertThat(late.counters().packetsIn()).isEqualTo(4);
    assertThat(late.counters().live()).isZero();
  }

  @Test
  void aPortScanFillsNoMoreThanItsShare() {
    for (int port = 1; port <= 25; port++) {
      attributor.accept(judged(T0, tcp("10.0.0.1", 1000, "10.0.0.2", port), DENIED));
    }
    assertThat(drain(T0)).hasSize(10);
    assertThat(drops.get(DropReason.BUCKET_FULL)).isEqualTo(15);
  }
}
