package io.margay.network.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.model.net.IpFamily;
import io.margay.network.cni.CniException.Code;
import io.margay.network.ipam.AddressWishes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a network, as Calico's plugin takes it. What only Calico's own plugin needs
 * (how to reach the API, log level) is not read: the node process knows that already.
 *
 * @param name of the network
 * @param mtu of the pods' interfaces; 0 if nothing is said
 * @param addresses what pods get that do not say what they want
 * @param policyPatience how long ADD waits for a pod's policy; zero for not at all
 * @param previous the result of the ADD that is to be checked; null if there is none
 * @param valid containers that still exist, for GC; null if nothing is said
 */
public record CniConfig(
    String cniVersion,
    String name,
    int mtu,
    AddressWishes addresses,
    Duration policyPatience,
    @Nullable JsonNode previous,
    @Nullable Set<String> valid) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LEAST_MTU = 1280;
  private static final int MOST_MTU = 65_535;
  private static final int POLICY_SECONDS = 10;
  private static final int MOST_POLICY_SECONDS = 300;

  /** For calls without configuration. */
  static final CniConfig NONE =
      new CniConfig(
          CniVersions.NEWEST, "", 0, AddressWishes.any(Set.of()), Duration.ZERO, null, null);

  /**
   * Reads it.
   *
   * @throws CniException if it cannot be used
   */
  static CniConfig read(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CniException(
          Code.UNREADABLE, "the configuration is not JSON: " + e.getOriginalMessage(), e);
    }
    if (!json.isObject()) {
      throw new CniException(Code.UNREADABLE, "the configuration is not a JSON object");
    }
    String version = json.path("cniVersion").asText("");
    if (!CniVersions.ALL.contains(version)) {
      throw new CniException(
          Code.INCOMPATIBLE_VERSION,
          "cniVersion is \"" + version + "\": one of " + String.join(", ", CniVersions.ALL));
    }
    String name = json.path("name").asText("");
    if (name.isEmpty()) {
      throw new CniException(Code.INVALID_CONFIGURATION, "name: missing; name the network");
    }
    return new CniConfig(
        version,
        name,
        mtu(json.path("mtu")),
        addresses(json.path("ipam")),
        policyPatience(json.path("policy_setup_timeout_seconds")),
        json.path("prevResult").isObject() ? json.path("prevResult") : null,
        valid(json.path("cni.dev/valid-attachments")));
  }

  private static int mtu(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return 0;
    }
    int mtu = node.asInt(-1);
    if (mtu != 0 && (mtu < LEAST_MTU || mtu > MOST_MTU)) {
      throw new CniException(
          Code.INVALID_CONFIGURATION,
          "mtu: " + node + "; write " + LEAST_MTU + " to " + MOST_MTU + ", or 0 for the default");
    }
    return mtu;
  }

  private static Duration policyPatience(JsonNode node) {
    int seconds = node.isMissingNode() || node.isNull() ? POLICY_SECONDS : node.asInt(-1);
    if (seconds < 0 || seconds > MOST_POLICY_SECONDS) {
      throw new CniException(
          Code.INVALID_CONFIGURATION,
          "policy_setup_timeout_seconds: " + node + "; write 0 to " + MOST_POLICY_SECONDS);
    }
    return Duration.ofSeconds(seconds);
  }

  private static AddressWishes addresses(JsonNode ipam) {
    String type = ipam.path("type").asText("margay");
    if (!type.equals("margay") && !type.equals("calico-ipam")) {
      throw new CniException(
          Code.INVALID_CONFIGURATION, "ipam.type: \"" + type + "\"; write margay or calico-ipam");
    }
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    // As Calico: IPv4 unless it is switched off, IPv6 only if it is switched on.
    if (flag(ipam, "assign_ipv4", true)) {
      families.add(IpFamily.IPV4);
    }
    if (flag(ipam, "assign_ipv6", false)) {
      families.add(IpFamily.IPV6);
    }
    if (families.isEmpty()) {
      throw new CniException(
          Code.INVALID_CONFIGURATION, "ipam: neither assign_ipv4 nor assign_ipv6 is true");
    }
    Map<IpFamily, Set<String>> pools = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      Set<String> named = texts(ipam.path("ipv" + family.version() + "_pools"), family);
      if (!named.isEmpty()) {
        pools.put(family, named);
      }
    }
    return new AddressWishes(families, Map.of(), pools);
  }

  /** Older configurations write flags as texts. */
  private static boolean flag(JsonNode ipam, String name, boolean otherwise) {
    return switch (ipam.path(name).asText("")) {
      case "" -> otherwise;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new CniException(
              Code.INVALID_CONFIGURATION,
              "ipam." + name + ": " + ipam.path(name) + "; write true or false");
    };
  }

  private static Set<String> texts(JsonNode list, IpFamily family) {
    Set<String> texts = new LinkedHashSet<>();
    boolean readable = list.isMissingNode() || list.isNull() || list.isArray();
    for (JsonNode item : list) {
      readable &= item.isTextual() && !item.asText().isEmpty();
      texts.add(item.asText());
    }
    if (!readable) {
      throw new CniException(
          Code.INVALID_CONFIGURATION,
          "ipam.ipv" + family.version() + "_pools: not a list of names or CIDRs");
    }
    return texts;
  }

  private static @Nullable Set<String> valid(JsonNode attachments) {
    if (!attachments.isArray()) {
      return null;
    }
    Set<String> containers = new TreeSet<>();
    for (JsonNode attachment : attachments) {
      String container = attachment.path("containerID").asText("");
      if (container.isEmpty()) {
        throw new CniException(
            Code.INVALID_CONFIGURATION,
            "cni.dev/valid-attachments: " + attachment + " has no containerID");
      }
      containers.add(container);
    }
    return containers;
  }

  /** The version in which a runtime wants its answers; the newest if it did not say. */
  static String version(String input) {
    try {
      String asked = JSON.readTree(input).path("cniVersion").asText();
      return CniVersions.ALL.contains(asked) ? asked : CniVersions.NEWEST;
    } catch (JsonProcessingException e) {
      return CniVersions.NEWEST;
    }
  }
}
