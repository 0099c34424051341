package io.margay.policy.property;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Rule;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Every address and number that some resources mention anywhere: between these nothing can begin or
 * end to match. It looks through all records, so that no kind of match can be forgotten.
 */
final class Mentioned {
  private static final int HIGHEST_PORT = 65_535;

  final Set<Cidr> prefixes = new TreeSet<>(Set.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")));
  final Set<Integer> numbers = new TreeSet<>(Set.of(0));

  /** Whether anything tells ICMP messages apart. */
  boolean icmpTypes;

  Mentioned(Object... some) {
    for (Object one : some) {
      add(one);
    }
  }

  private void add(@Nullable Object value) {
    switch (value) {
      case null -> {}
      case Cidr cidr -> prefixes.add(cidr);
      case IpAddress address -> prefixes.add(address.toCidr());
      case Protocol protocol -> {}
      case Rule.IcmpMatch match -> icmpTypes |= match.type() != null;
      case PortRange range -> {
        begin(range.first());
        begin(range.last() + 1);
      }
      case Integer number -> {
        begin(number);
        begin(number + 1);
      }
      case String text -> text(text);
      case Map<?, ?> map -> map.values().forEach(this::add);
      case Iterable<?> list -> list.forEach(this::add);
      case Record record -> {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
          add(value(component, record));
        }
      }
      default -> {}
    }
  }

  private static @Nullable Object value(RecordComponent component, Record of) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(component.toString(), e);
    }
  }

  /** Slices and nodes name addresses as text, Kubernetes policies ports. */
  private void text(String text) {
    if (text.matches("\\d{1,5}")) {
      add(Integer.valueOf(text));
      return;
    }
    try {
      prefixes.add(IpAddress.parse(text).toCidr());
    } catch (IllegalArgumentException e) {
      // Some other text.
    }
  }

  /** A number tells what is below it from what is not; of each stretch the first is enough. */
  private void begin(int number) {
    if (number >= 0 && number <= HIGHEST_PORT) {
      numbers.add(number);
    }
  }
}
