package io.margay.network.ipam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which addresses a pod wants.
 *
 * @param families of which it gets one address each
 * @param addresses that it names; at most one of each family
 * @param pools names or CIDRs of the only pools that may serve a family; none for all
 */
public record AddressWishes(
    Set<IpFamily> families, Map<IpFamily, IpAddress> addresses, Map<IpFamily, Set<String>> pools) {
  private static final String PREFIX = "cni.projectcalico.org/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public AddressWishes {
    families = Set.copyOf(families);
    addresses = Map.copyOf(addresses);
    pools = Map.copyOf(pools);
  }

  /** Any address of each of these families. */
  public static AddressWishes any(Set<IpFamily> families) {
    return new AddressWishes(families, Map.of(), Map.of());
  }

  /** The same for some of the families. */
  public AddressWishes only(Set<IpFamily> some) {
    Map<IpFamily, IpAddress> named = new EnumMap<>(IpFamily.class);
    named.putAll(addresses);
    named.keySet().retainAll(some);
    return new AddressWishes(some, named, pools);
  }

  /**
   * What the annotations of a pod say; where they say nothing, those of its namespace; and where
   * these say nothing, the defaults. Only the pod itself can name addresses.
   *
   * @param problems receives what cannot be understood: the pod must get no address then
   */
  public static AddressWishes of(
      Pod pod, Namespace namespace, AddressWishes defaults, List<String> problems) {
    ObjectMeta ofPod = pod.metadata();
    ObjectMeta ofNamespace = namespace.metadata();
    Set<IpFamily> families =
        families(ofPod, problems)
            .or(() -> families(ofNamespace, problems))
            .orElse(defaults.families());
    Map<IpFamily, Set<String>> pools = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      String name = "ipv" + family.version() + "pools";
      Set<String> named =
          list(ofPod, name, problems)
              .or(() -> list(ofNamespace, name, problems))
              .map(LinkedHashSet::new)
              .<Set<String>>map(set -> set)
              .orElse(defaults.pools().getOrDefault(family, Set.of()));
      if (!named.isEmpty()) {
        pools.put(family, named);
      }
    }
    Map<IpFamily, IpAddress> addresses = addresses(ofPod, problems);
    Set<IpFamily> all = EnumSet.noneOf(IpFamily.class);
    all.addAll(families);
    all.addAll(addresses.keySet());
    return new AddressWishes(all, addresses, pools);
  }

  private static Optional<Set<IpFamily>> families(ObjectMeta metadata, List<String> problems) {
    return list(metadata, "ipFamilies", problems)
        .map(names -> {
          Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
          for (String name : names) {
            switch (name) {
              case "IPv4" -> families.add(IpFamily.IPV4);
              case "IPv6" -> families.add(IpFamily.IPV6);
              default ->
                  problems.add(at(metadata, "ipFamilies") + '"' + name + "\": write IPv4 or IPv6");
            }
          }
          return families;
        });
  }

  private static Map<IpFamily, IpAddress> addresses(ObjectMeta metadata, List<String> problems) {
    Map<IpFamily, IpAddress> addresses = new EnumMap<>(IpFamily.class);
    for (String text : list(metadata, "ipAddrs", problems).orElse(List.of())) {
      try {
        IpAddress address = IpAddress.parse(text);
        if (addresses.put(address.family(), address) != null) {
          problems.add(
              at(metadata, "ipAddrs")
                  + text
                  + ": a second IPv"
                  + address.family().version()
                  + " address; name at most one of each family");
        }
      } catch (IllegalArgumentException e) {
        problems.add(at(metadata, "ipAddrs") + '"' + text + "\": " + e.getMessage());
      }
    }
    return addresses;
  }

  /** The texts of an annotation that is a JSON list; empty if there is none. */
  private static Optional<List<String>> list(
      ObjectMeta metadata, String name, List<String> problems) {
    String text = metadata.annotations().get(PREFIX + name);
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    List<String> items = new ArrayList<>();
    JsonNode json = json(text);
    boolean readable = json.isArray();
    for (JsonNode item : json) {
      readable &= item.isTextual() && !item.asText().isEmpty();
      items.add(item.asText());
    }
    if (!readable) {
      problems.add(at(metadata, name) + text + ": not a list of texts; write [\"…\"]");
    }
    return items.isEmpty() ? Optional.empty() : Optional.of(items);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.nullNode();
    }
  }

  private static String at(ObjectMeta metadata, String annotation) {
    String object =
        metadata.namespace().isEmpty()
            ? "Namespace " + metadata.name()
            : "Pod " + metadata.namespace() + "/" + metadata.name();
    return object + ", annotation " + PREFIX + annotation + " ";
  }
}
