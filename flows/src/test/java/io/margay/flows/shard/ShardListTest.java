package io.margay.flows.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.flows.collect.FlowAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShardListTest {
  private static final ShardList THREE = ShardList.parse("a:7443, b, [::1]:1");

  private static List<String> nodes() {
    return IntStream.range(0, 3_000).mapToObj(i -> "node-" + i).toList();
  }

  @Test
  void readsAddresses() {
    assertThat(THREE.shards())
        .containsExactly(
            new FlowAddress.Tcp("a", 7443),
            new FlowAddress.Tcp("b", 7443),
            new FlowAddress.Tcp("::1", 1));
    assertThatThrownBy(() -> ShardList.parse("a,a:7443")).hasMessageContaining("twice");
    assertThatThrownBy(() -> ShardList.parse("a,")).hasMessageContaining("no address");
    assertThatThrownBy(() -> ShardList.parse("a:port")).hasMessageContaining("no port");
    assertThatThrownBy(() -> THREE.without(new FlowAddress.Tcp("c", 7443)))
        .hasMessageContaining("not in the list");
  }

  @Test
  void nodesAreSharedOutEvenly() {
    Map<FlowAddress, Long> shares =
        nodes().stream().collect(Collectors.groupingBy(THREE::owner, Collectors.counting()));
    assertThat(shares.values()).hasSize(3).allMatch(share -> share > 900 && share < 1_100);
  }

  @Test
  void theOrderOfTheListDoesNotMatter() {
    ShardList reversed = new ShardList(THREE.shards().reversed());
    assertThat(nodes()).allMatch(node -> reversed.owner(node).equals(THREE.owner(node)));
  }

  @Test
  void aShardThatGoesMovesItsOwnNodesOnly() {
    ShardList two = new ShardList(THREE.shards().subList(0, 2));
    FlowAddress gone = THREE.shards().get(2);
    for (String node : nodes()) {
      if (!THREE.owner(node).equals(gone)) {
        assertThat(two.owner(node)).isEqualTo(THREE.owner(node));
      }
    }
  }
}
