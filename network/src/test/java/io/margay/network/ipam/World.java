package io.margay.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Objects for tests, and what can be asked of a store. */
final class World {
  private World() {}

  static List<KubeObject> objects(String yaml) {
    Manifests.Result result = Manifests.read("test", yaml);
    assertThat(result.problems()).isEmpty();
    return result.objects();
  }

  /** What is held, by address, as the blocks say. */
  static Map<IpAddress, Holding> held(ResourceStore store) {
    Map<IpAddress, Holding> held = new HashMap<>();
    for (var block :
        new IpamStore(store).list(Kind.IPAM_BLOCK, IpamBlock.class, new ArrayList<>())) {
      block
          .spec()
          .allocations()
          .forEach((number, allocation) -> {
            if (allocation.isHeld()) {
              IpAddress address =
                  BlockRange.address(Objects.requireNonNull(block.spec().cidr()), number);
              Holding before =
                  held.put(
                      address, new Holding(address, allocation.handle(), allocation.sequence()));
              if (before != null) {
                throw new AssertionError(address + " is in two blocks");
              }
            }
          });
    }
    return held;
  }

  static ObjectNode spec(KubeObject object) {
    return (ObjectNode) object.json().path("spec");
  }
}
