package io.margay.flows.directory;

import io.margay.flows.FlowPeer;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.ResourceKey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which network set holds an address, seen from a namespace. */
final class NetworkSetIndex {
  /** Global sets are filed under the namespace that flow records give them. */
  private static final String GLOBAL = FlowPeer.NO_NAMESPACE;

  private final Map<ResourceKey, Member> members = new HashMap<>();
  private final Map<String, Prefixes> byNamespace = new HashMap<>();
  private final Prefixes namespaced = new Prefixes();

  private record Member(ResourceKey key, String scope, List<Cidr> nets, Attribution attribution) {}

  void put(NetworkSet set) {
    String namespace = set.metadata().namespace();
    put(
        new Member(
            set.key(),
            namespace,
            set.nets(),
            attribution(
                set.metadata().name(),
                namespace,
                Attribution.labels(
                    set.metadata().labels(), Map.of("projectcalico.org/namespace", namespace)))));
  }

  void put(GlobalNetworkSet set) {
    put(
        new Member(
            set.key(),
            GLOBAL,
            set.nets(),
            attribution(
                set.metadata().name(),
                GLOBAL,
                Attribution.labels(set.metadata().labels(), Map.of()))));
  }

  private static Attribution attribution(String name, String namespace, List<String> labels) {
    return new Attribution(new FlowPeer(name, namespace, FlowPeer.Type.NETWORK_SET), labels);
  }

  private void put(Member member) {
    remove(member.key());
    members.put(member.key(), member);
    Prefixes prefixes = byNamespace.computeIfAbsent(member.scope(), _ -> new Prefixes());
    member.nets().forEach(net -> prefixes.add(net, member));
    if (!member.scope().equals(GLOBAL)) {
      member.nets().forEach(net -> namespaced.add(net, member));
    }
  }

  void remove(ResourceKey key) {
    Member old = members.remove(key);
    if (old == null) {
      return;
    }
    old.nets().forEach(net -> namespaced.remove(net, old));
    byNamespace.computeIfPresent(
        old.scope(),
        (_, prefixes) -> {
          old.nets().forEach(net -> prefixes.remove(net, old));
          return prefixes.isEmpty() ? null : prefixes;
        });
  }

  @Nullable Attribution find(IpAddress address, String viewedFrom) {
    Member member = find(byNamespace.get(viewedFrom), address);
    if (member == null) {
      member = find(byNamespace.get(GLOBAL), address);
    }
    if (member == null) {
      member = namespaced.longest(address);
    }
    return member == null ? null : member.attribution();
  }

  private static @Nullable Member find(@Nullable Prefixes prefixes, IpAddress address) {
    return prefixes == null ? null : prefixes.longest(address);
  }

  /**
   * Prefixes by length, longest first: a look-up asks once for each length that exists, and real
   * sets use few of them. Of two sets with the same prefix the first by name counts.
   */
  private static final class Prefixes {
    private final Map<IpFamily, NavigableMap<Integer, Map<Cidr, TreeMap<ResourceKey, Member>>>>
        byLength = new EnumMap<>(IpFamily.class);

    void add(Cidr net, Member member) {
      byLength
          .computeIfAbsent(net.family(), _ -> new TreeMap<>())
          .computeIfAbsent(net.prefixLength(), _ -> new HashMap<>())
          .computeIfAbsent(net, _ -> new TreeMap<>())
          .put(member.key(), member);
    }

    void remove(Cidr net, Member member) {
      byLength.computeIfPresent(
          net.family(),
          (_, lengths) -> {
            lengths.computeIfPresent(
                net.prefixLength(),
                (_, nets) -> {
                  nets.computeIfPresent(
                      net,
                      (_, holders) -> {
                        holders.remove(member.key());
                        return holders.isEmpty() ? null : holders;
                      });
                  return nets.isEmpty() ? null : nets;
                });
            return lengths.isEmpty() ? null : lengths;
          });
    }

    boolean isEmpty() {
      return byLength.isEmpty();
    }

    @Nullable Member longest(IpAddress address) {
      var lengths = byLength.get(address.family());
      if (lengths == null) {
        return null;
      }
      for (var entry : lengths.descendingMap().entrySet()) {
        TreeMap<ResourceKey, Member> holders =
            entry.getValue().get(new Cidr(address, entry.getKey()));
        if (holders != null) {
          return holders.firstEntry().getValue();
        }
      }
      return null;
    }
  }
}
