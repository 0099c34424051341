package io.margay.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttachedPodsTest {
  private static final IpAddress OLD = IpAddress.parse("10.0.0.1");
  private static final IpAddress NEW = IpAddress.parse("10.0.0.2");

  private final AttachedPods attached = new AttachedPods("here");

  private static Pod pod(String node, IpAddress... addresses) {
    return new Pod(
        ObjectMeta.of("prod", "web", Map.of()),
        new Pod.Spec(node, "", false, List.of()),
        new Pod.Status("Running", List.of(addresses).stream().map(Pod.PodIp::new).toList()));
  }

  private static ResourceKey key() {
    return pod("here").key();
  }

  private List<IpAddress> seen(Pod pod) {
    return addresses(attached.amended(new ResourceChange.Upsert(pod)));
  }

  private static List<IpAddress> addresses(ResourceChange change) {
    Pod pod = (Pod) ((ResourceChange.Upsert) change).resource();
    return pod.status().podIPs().stream().map(Pod.PodIp::ip).toList();
  }

  @Test
  void theAddressesOfTheAttachmentCountWhateverTheApiSays() {
    assertThat(seen(pod("here"))).isEmpty();
    assertThat(attached.attach(key(), "c1", List.of(NEW)).map(AttachedPodsTest::addresses))
        .hasValue(List.of(NEW));
    assertThat(seen(pod("here"))).containsExactly(NEW);
    assertThat(seen(pod("here", OLD))).containsExactly(NEW);
  }

  @Test
  void aPodThatIsNotKnownYetIsAmendedWhenItComes() {
    assertThat(attached.attach(key(), "c1", List.of(NEW))).isEmpty();
    assertThat(seen(pod("here"))).containsExactly(NEW);
  }

  @Test
  void aDetachedPodHasNoAddressAlthoughTheApiSaysSo() {
    seen(pod("here", OLD));
    attached.attach(key(), "c1", List.of(OLD));
    assertThat(attached.detach("c1").map(AttachedPodsTest::addresses)).hasValue(List.of());
    assertThat(seen(pod("here", OLD))).isEmpty();
  }

  @Test
  void aLateDetachOfAnOldContainerTakesNothingFromTheNewOne() {
    seen(pod("here"));
    attached.attach(key(), "c1", List.of(OLD));
    attached.attach(key(), "c2", List.of(NEW));
    assertThat(attached.detach("c1")).isEqualTo(Optional.empty());
    assertThat(seen(pod("here"))).containsExactly(NEW);
  }

  @Test
  void aPodThatIsGoneAndPodsOfOtherNodesAreAsTheApiSays() {
    attached.attach(key(), "c1", List.of(NEW));
    attached.amended(new ResourceChange.Removed(key()));
    assertThat(seen(pod("here", OLD))).containsExactly(OLD);
    assertThat(seen(pod("there", OLD))).containsExactly(OLD);
  }
}
