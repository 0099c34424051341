package io.margay.network.ipam;

import io.margay.model.resource.IpamBlock.Allocation;
import java.util.Map;

/**
 * Who uses an address.
 *
 * @param active who has it now; empty for nobody
 * @param alternate to whom it moves, or from whom it came; empty for nobody
 */
record Owners(Map<String, String> active, Map<String, String> alternate) {
  /** Names of attributes, as Calico writes them. */
  static final String POD = "pod";

  static final String NAMESPACE = "namespace";
  static final String NODE = "node";
  static final String TYPE = "type";
  static final String SERVICE = "service";
  static final String TIMESTAMP = "timestamp";
  static final String MACHINE = "vmi-name";

  Owners {
    active = Map.copyOf(active);
    alternate = Map.copyOf(alternate);
  }

  static Owners of(Allocation allocation) {
    return new Owners(allocation.active(), allocation.alternate());
  }

  Owners withActive(Map<String, String> attributes) {
    return new Owners(attributes, alternate);
  }

  Owners withAlternate(Map<String, String> attributes) {
    return new Owners(active, attributes);
  }

  Owners swapped() {
    return new Owners(alternate, active);
  }

  boolean isEmpty() {
    return active.isEmpty() && alternate.isEmpty();
  }

  /** Whether these attributes name a pod. */
  static boolean isPod(Map<String, String> attributes, String namespace, String name) {
    return name.equals(attributes.get(POD)) && namespace.equals(attributes.get(NAMESPACE));
  }
}
