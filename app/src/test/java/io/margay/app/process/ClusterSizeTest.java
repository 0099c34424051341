package io.margay.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.resource.Namespace;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterSizeTest {
  private final ClusterSize size = new ClusterSize();

  private Map<String, Long> sizes() {
    Map<String, Long> sizes = new HashMap<>();
    size.addTo(sizes);
    return sizes;
  }

  private static Pod pod(String name) {
    return new Pod(
        ObjectMeta.of("shop", name, Map.of()),
        new Pod.Spec("node-1", "default", false, List.of()),
        new Pod.Status("Running", List.of()));
  }

  @Test
  void countsWhatIsThere() {
    assertThat(sizes()).isEqualTo(Map.of("nodes", 0L, "pods", 0L));
    size.apply(new ResourceChange.Upsert(pod("a")));
    size.apply(new ResourceChange.Upsert(pod("b")));
    size.apply(new ResourceChange.Upsert(pod("b")));
    size.apply(new ResourceChange.Upsert(new Namespace(ObjectMeta.of("", "shop", Map.of()))));
    size.apply(new ResourceChange.InSync());
    assertThat(sizes()).containsEntry("pods", 2L);
    size.apply(new ResourceChange.Removed(pod("a").key()));
    assertThat(sizes()).isEqualTo(Map.of("nodes", 0L, "pods", 1L));
  }
}
