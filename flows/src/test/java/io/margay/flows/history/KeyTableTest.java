package io.margay.flows.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class KeyTableTest {
  private final AtomicLong numbers = new AtomicLong();
  private final KeyTable keys = new KeyTable(key -> numbers.incrementAndGet());

  private static FlowKey key(int number) {
    FlowPeer source = new FlowPeer("pod-" + number, "shop", FlowPeer.Type.WORKLOAD_ENDPOINT);
    return new FlowKey(
        source,
        source,
        80,
        null,
        Protocol.TCP,
        Reporter.SOURCE,
        new PolicyTrace(RuleAction.ALLOW, RuleAction.ALLOW, List.of(), List.of(), List.of()));
  }

  /** A key with a flow in the bucket that starts at this second. */
  private KeyEntry used(int number, long second, long oldest) {
    KeyEntry entry = keys.begin(key(number), oldest);
    Bucket bucket = new Bucket(Instant.ofEpochSecond(second), new CommonLabels());
    bucket.begin(entry, List.of(), List.of());
    return entry;
  }

  @Test
  void keysThatNoBucketHasAreForgottenAndTheirPlacesGoToOthers() {
    KeyEntry first = used(1, 0, 0);
    KeyEntry second = used(2, 15, 0);
    keys.forget(10, 15);
    assertThat(keys.find(first.key)).isNull();
    assertThat(keys.find(second.key)).isSameAs(second);
    assertThat(used(3, 15, 15).place).isEqualTo(first.place);
    assertThat(used(4, 15, 15).place).isEqualTo(2);
  }

  @Test
  void keysWithOpenConnectionsStay() {
    KeyEntry entry = used(1, 0, 0);
    entry.live = 1;
    keys.forget(10, 1_000);
    assertThat(keys.find(entry.key)).isSameAs(entry);
    entry.live = 0;
    keys.forget(10, 1_000);
    assertThat(keys.size()).isZero();
  }

  @Test
  void newKeysKeepTheTableCloseToWhatIsInUse() {
    int most = 0;
    for (int i = 0; i < 100_000; i++) {
      // A thousand new keys in each bucket, and ten buckets are kept.
      long second = i / 1_000 * 15L;
      used(i, second, second - 9 * 15);
      most = Math.max(most, keys.size());
    }
    assertThat(most).isBetween(10_000, 10_000 * 4 / 3 + 4);
  }
}
