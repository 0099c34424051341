package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads blocks of addresses. Whatever does not fit together is told: who gives addresses must not
 * touch such a block, since what looks free may be somebody's.
 */
final class BlockDecoder {
  /** The largest block: /20 or /116. */
  private static final int MOST_ADDRESS_BITS = 12;

  private BlockDecoder() {}

  private record Attribute(
      String handle,
      Map<String, String> active,
      Map<String, String> alternate,
      @Nullable Instant released) {}

  static IpamBlock block(ObjectMeta metadata, Field spec) {
    Cidr cidr = spec.at("cidr").required(Cidr::parseStrict).orElse(null);
    List<Attribute> attributes = new ArrayList<>();
    for (Field attribute : spec.at("attributes").items()) {
      attributes.add(
          new Attribute(
              attribute.at("handle_id").text(),
              attribute.at("secondary").texts(),
              attribute.at("alternate").texts(),
              attribute.at("releasedAt").parsed(ResourceDecoder::time).orElse(null)));
    }
    SortedMap<Integer, IpamBlock.Allocation> allocations = allocations(spec, attributes);
    List<Integer> free = free(spec, allocations.keySet());
    if (cidr != null) {
      int bits = cidr.family().bits() - cidr.prefixLength();
      if (bits > MOST_ADDRESS_BITS) {
        spec.at("cidr").problem("larger than a block can be", "");
      } else if (spec.at("allocations").items().size() != 1 << bits) {
        spec.at("cidr").problem("has another number of addresses than allocations", "");
      }
    }
    return new IpamBlock(
        metadata,
        new IpamBlock.Spec(
            cidr,
            spec.at("affinity").parsed(BlockOwner::parse).orElse(null),
            spec.at("affinityClaimTime").parsed(ResourceDecoder::time).orElse(null),
            allocations,
            free,
            spec.at("sequenceNumber").count(),
            spec.at("deleted").flag()));
  }

  private static SortedMap<Integer, IpamBlock.Allocation> allocations(
      Field spec, List<Attribute> attributes) {
    SortedMap<Integer, IpamBlock.Allocation> allocations = new TreeMap<>();
    Field sequences = spec.at("sequenceNumberForAllocation");
    int number = 0;
    for (Field index : spec.at("allocations").items()) {
      Integer at = index.integer();
      if (at != null && (at < 0 || at >= attributes.size())) {
        index.problem("has no attributes", "");
      } else if (at != null) {
        Attribute attribute = attributes.get(at);
        allocations.put(
            number,
            new IpamBlock.Allocation(
                attribute.handle(),
                attribute.active(),
                attribute.alternate(),
                attribute.released(),
                sequences.at(Integer.toString(number)).count()));
      }
      number++;
    }
    return allocations;
  }

  /** The free numbers; with what is allocated they must make up the block, each once. */
  private static List<Integer> free(Field spec, Set<Integer> allocated) {
    int size = spec.at("allocations").items().size();
    List<Integer> free = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (Field item : spec.at("unallocated").items()) {
      Integer number = item.integer(0, Math.max(0, size - 1));
      if (number != null && (allocated.contains(number) || !seen.add(number))) {
        item.problem("free twice, or free and allocated", "");
      } else if (number != null) {
        free.add(number);
      }
    }
    if (free.size() + allocated.size() != size) {
      spec.at("unallocated").problem("some addresses are neither free nor allocated", "");
    }
    return free;
  }
}
