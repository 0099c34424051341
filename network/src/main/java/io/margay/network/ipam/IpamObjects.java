package io.margay.network.ipam;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.Cidr;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.model.resource.IpamHandle;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** How blocks, affinities and handles are named and written: as Calico does it. */
final class IpamObjects {
  private IpamObjects() {}

  /** {@code 10-0-0-64-26}. */
  static String name(Cidr block) {
    return block.toString().replace('.', '-').replace(':', '-').replace('/', '-');
  }

  static String name(BlockOwner owner, Cidr block) {
    return owner.name() + "-" + name(block);
  }

  /** Names of objects have neither capitals nor underscores; hashed handles have both. */
  static String name(String handle) {
    return handle.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static KubeObject of(BlockAffinity affinity) {
    ObjectNode json = object(affinity);
    ObjectNode spec = json.putObject("spec");
    spec.put("state", affinity.spec().state().text());
    spec.put("node", affinity.spec().owner().name());
    spec.put("type", affinity.spec().owner().type().text());
    spec.put("cidr", String.valueOf(affinity.spec().cidr()));
    return new KubeObject(Kind.BLOCK_AFFINITY, json);
  }

  static KubeObject of(IpamHandle handle) {
    ObjectNode json = object(handle);
    ObjectNode spec = json.putObject("spec");
    spec.put("handleID", handle.spec().handle());
    ObjectNode blocks = spec.putObject("block");
    handle.spec().blocks().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> blocks.put(e.getKey().toString(), e.getValue().intValue()));
    return new KubeObject(Kind.IPAM_HANDLE, json);
  }

  static KubeObject of(IpamBlock block) {
    IpamBlock.Spec from = block.spec();
    Cidr cidr = Objects.requireNonNull(from.cidr());
    ObjectNode json = object(block);
    ObjectNode spec = json.putObject("spec");
    spec.put("cidr", cidr.toString());
    if (from.owner() != null) {
      spec.put("affinity", from.owner().toString());
    }
    if (from.claimed() != null) {
      spec.put("affinityClaimTime", from.claimed().toString());
    }
    ArrayNode allocations = spec.putArray("allocations");
    ArrayNode unallocated = spec.putArray("unallocated");
    from.free().forEach(unallocated::add);
    ArrayNode attributes = spec.putArray("attributes");
    spec.put("sequenceNumber", from.sequence());
    ObjectNode sequences = spec.putObject("sequenceNumberForAllocation");
    spec.put("deleted", false).put("strictAffinity", false);
    Map<ObjectNode, Integer> known = new LinkedHashMap<>();
    for (int number = 0; number < BlockRange.size(cidr); number++) {
      Allocation allocation = from.allocations().get(number);
      if (allocation == null) {
        allocations.addNull();
      } else {
        ObjectNode attribute = attribute(allocation);
        Integer index = known.get(attribute);
        if (index == null) {
          index = attributes.size();
          known.put(attribute, index);
          attributes.add(attribute);
        }
        allocations.add(index.intValue());
        sequences.put(Integer.toString(number), allocation.sequence());
      }
    }
    return new KubeObject(Kind.IPAM_BLOCK, json);
  }

  private static ObjectNode attribute(Allocation allocation) {
    ObjectNode attribute = JsonNodeFactory.instance.objectNode();
    if (!allocation.handle().isEmpty()) {
      attribute.put("handle_id", allocation.handle());
    }
    put(attribute, "secondary", allocation.active());
    put(attribute, "alternate", allocation.alternate());
    if (allocation.released() != null) {
      attribute.put("releasedAt", allocation.released().toString());
    }
    return attribute;
  }

  private static void put(ObjectNode attribute, String name, Map<String, String> texts) {
    if (!texts.isEmpty()) {
      ObjectNode node = attribute.putObject(name);
      texts.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e -> node.put(e.getKey(), e.getValue()));
    }
  }

  private static ObjectNode object(Resource resource) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", resource.kind().apiVersion()).put("kind", resource.kind().kind());
    ObjectNode metadata = json.putObject("metadata");
    metadata.put("name", resource.metadata().name());
    if (!resource.metadata().resourceVersion().isEmpty()) {
      metadata.put("resourceVersion", resource.metadata().resourceVersion());
    }
    return json;
  }
}
