package io.margay.dataplane.nftables;

import io.margay.kernel.nft.SetElement;
import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the kernel has in a set of ours: the reverse of {@link KernelBytes}. */
final class ElementReader {
  private final SetSpec spec;

  private ElementReader(SetSpec spec) {
    this.spec = spec;
  }

  static Map<ElementKey, ElementValue> read(SetSpec spec, List<SetElement> elements) {
    ElementReader reader = new ElementReader(spec);
    return spec.intervals() ? reader.ranges(elements) : reader.exact(elements);
  }

  /** How many packets each element counted, by its mark. */
  static Map<Integer, Long> packetsByMark(List<SetElement> elements) {
    Map<Integer, Long> packets = HashMap.newHashMap(elements.size());
    elements.forEach(element -> packets.put(number(element.key()), element.packets()));
    return packets;
  }

  private Map<ElementKey, ElementValue> exact(List<SetElement> elements) {
    Map<ElementKey, ElementValue> content = HashMap.newHashMap(elements.size());
    elements.forEach(element -> content.put(key(element.key()), value(element)));
    return content;
  }

  /** An interval goes up to where the kernel says that it ends, or to the last key of all. */
  private Map<ElementKey, ElementValue> ranges(List<SetElement> elements) {
    Map<ElementKey, ElementValue> content = new HashMap<>();
    List<SetElement> sorted = new ArrayList<>(elements);
    sorted.sort(
        Comparator.comparing(SetElement::key, Arrays::compareUnsigned)
            .thenComparing(element -> !element.intervalEnd()));
    SetElement open = null;
    for (SetElement element : sorted) {
      if (open != null) {
        content.put(range(open.key(), before(element.key())), value(open));
      }
      open = element.intervalEnd() ? null : element;
    }
    if (open != null) {
      byte[] last = new byte[open.key().length];
      Arrays.fill(last, (byte) 0xff);
      content.put(range(open.key(), last), value(open));
    }
    return content;
  }

  private static byte[] before(byte[] key) {
    byte[] before = key.clone();
    for (int i = before.length - 1; i >= 0 && before[i]-- == 0; i--) {
      // a zero became 0xff and takes one from the byte in front
    }
    return before;
  }

  private ElementKey range(byte[] first, byte[] last) {
    return switch (spec.keyType()) {
      case "inet_service" -> new ElementKey.Ports(new PortRange(port(first), port(last)));
      case "ipv4_addr", "ipv6_addr" ->
          new ElementKey.AddressRange(IpAddress.ofBytes(first), IpAddress.ofBytes(last));
      default -> foreign(first);
    };
  }

  private static int port(byte[] key) {
    return Short.toUnsignedInt(ByteBuffer.wrap(key).getShort());
  }

  private ElementKey key(byte[] key) {
    return switch (spec.keyType()) {
      case "mark" -> new ElementKey.Mark(number(key));
      case "ifname" -> new ElementKey.Interface(KernelBytes.text(key));
      case "ipv4_addr", "ipv6_addr" -> new ElementKey.Address(IpAddress.ofBytes(key));
      case "ifname . ipv4_addr", "ifname . ipv6_addr" ->
          new ElementKey.InterfaceAddress(
              KernelBytes.text(Arrays.copyOf(key, KernelBytes.NAME_BYTES)),
              IpAddress.ofBytes(Arrays.copyOfRange(key, KernelBytes.NAME_BYTES, key.length)));
      default -> foreign(key);
    };
  }

  /** Not a set of ours. Its type differs from every wanted one, so the table is replaced. */
  private static ElementKey foreign(byte[] key) {
    return new ElementKey.Interface(Arrays.toString(key));
  }

  private static ElementValue value(SetElement element) {
    byte[] value = element.value();
    if (value != null) {
      return new ElementValue.Mark(number(value));
    }
    @Nullable String chain = element.chain();
    return chain == null ? ElementValue.NOTHING : new ElementValue.Goto(chain);
  }

  private static int number(byte[] bytes) {
    return bytes.length == Integer.BYTES
        ? ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt()
        : Arrays.hashCode(bytes);
  }
}
