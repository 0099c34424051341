package io.margay.dataplane.nftables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.margay.dataplane.DataplaneException;
import io.margay.dataplane.nftables.Chain.Hook;
import io.margay.dataplane.nftables.Chain.Rule;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What the kernel has of our table, read from nft's JSON.
 *
 * @param exists whether there is such a table
 * @param chains with rules of which only the comment is known
 */
record TableListing(
    boolean exists,
    Map<String, Chain> chains,
    Map<String, Ruleset.Counter> counters,
    Map<String, SetSpec> sets,
    Map<String, Map<ElementKey, ElementValue>> elements) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static TableListing absent() {
    return new TableListing(false, Map.of(), Map.of(), Map.of(), Map.of());
  }

  /** Reads the answer to {@code list table}. */
  static TableListing parse(String json) {
    Map<String, Hook> hooks = new HashMap<>();
    Map<String, List<Rule>> rules = new HashMap<>();
    Map<String, Ruleset.Counter> counters = new HashMap<>();
    Map<String, SetSpec> sets = new HashMap<>();
    Map<String, Map<ElementKey, ElementValue>> elements = new HashMap<>();
    for (JsonNode object : objects(json)) {
      if (object.has("chain")) {
        JsonNode chain = object.get("chain");
        String name = chain.get("name").asText();
        rules.computeIfAbsent(name, n -> new ArrayList<>());
        if (chain.has("hook")) {
          hooks.put(name, new Hook(chain.get("hook").asText(), chain.get("prio").asInt()));
        }
      } else if (object.has("rule")) {
        JsonNode rule = object.get("rule");
        rules
            .computeIfAbsent(rule.get("chain").asText(), n -> new ArrayList<>())
            .add(Rule.read(rule.path("comment").asText("")));
      } else if (object.has("counter")) {
        counters.put(object.get("counter").get("name").asText(), new Ruleset.Counter());
      } else if (object.has("set") || object.has("map")) {
        JsonNode set = object.has("set") ? object.get("set") : object.get("map");
        String name = set.get("name").asText();
        SetSpec spec = spec(set);
        sets.put(name, spec);
        elements.put(name, elements(set, spec));
      }
    }
    Map<String, Chain> chains = HashMap.newHashMap(rules.size());
    rules.forEach((name, list) -> chains.put(name, new Chain(hooks.get(name), list)));
    return new TableListing(true, chains, counters, sets, elements);
  }

  /** Reads the answer to {@code list counters table}: packets by name. */
  static Map<String, Long> packetCounters(String json) {
    Map<String, Long> packets = new HashMap<>();
    for (JsonNode object : objects(json)) {
      JsonNode counter = object.path("counter");
      if (counter.has("name")) {
        packets.put(counter.get("name").asText(), counter.get("packets").asLong());
      }
    }
    return packets;
  }

  /** Reads the answer to {@code list set} for a set of marks that counts: packets by mark. */
  static Map<Integer, Long> elementCounters(String json) {
    Map<Integer, Long> packets = new HashMap<>();
    for (JsonNode object : objects(json)) {
      for (JsonNode element : object.path("set").path("elem")) {
        JsonNode counted = element.path("elem");
        packets.put(
            (int) counted.path("val").asLong(), counted.path("counter").path("packets").asLong());
      }
    }
    return packets;
  }

  private static JsonNode objects(String json) {
    try {
      return JSON.readTree(json).path("nftables");
    } catch (JsonProcessingException e) {
      throw new DataplaneException("nft's listing is not JSON", e);
    }
  }

  private static SetSpec spec(JsonNode set) {
    boolean intervals = set.path("flags").toString().contains("\"interval\"");
    StringJoiner keyType = new StringJoiner(" . ");
    if (set.get("type").isArray()) {
      set.get("type").forEach(type -> keyType.add(type.asText()));
    } else {
      keyType.add(set.get("type").asText());
    }
    StringJoiner statements = new StringJoiner(" ");
    set.path("stmt").forEach(statement -> statements.add(statement(statement)));
    return new SetSpec(
        keyType.toString(), set.path("map").asText(""), intervals, statements.toString());
  }

  /** A statement in the words of {@link Layout#sets}. */
  private static String statement(JsonNode statement) {
    JsonNode limit = statement.get("limit");
    return limit == null
        ? statement.fieldNames().next()
        : "limit rate %d/%s burst %d packets"
            .formatted(
                limit.get("rate").asInt(), limit.get("per").asText(), limit.get("burst").asInt());
  }

  private static Map<ElementKey, ElementValue> elements(JsonNode set, SetSpec spec) {
    Map<ElementKey, ElementValue> elements = HashMap.newHashMap(set.path("elem").size());
    for (JsonNode element : set.path("elem")) {
      if (spec.valueType().isEmpty()) {
        elements.put(key(element, spec), ElementValue.NOTHING);
      } else {
        elements.put(key(element.get(0), spec), value(element.get(1)));
      }
    }
    return elements;
  }

  private static ElementValue value(JsonNode value) {
    return value.isObject()
        ? new ElementValue.Goto(value.path("goto").path("target").asText(""))
        : new ElementValue.Mark((int) value.asLong());
  }

  /** Elements with statements are wrapped; the key is inside. */
  static ElementKey key(JsonNode node, SetSpec spec) {
    JsonNode key = node.has("elem") ? node.get("elem").get("val") : node;
    return switch (spec.keyType()) {
      case "mark" -> new ElementKey.Mark((int) key.asLong());
      case "ifname" -> new ElementKey.Interface(key.asText());
      case "ipv4_addr", "ipv6_addr" -> spec.intervals() ? addresses(key) : address(key);
      case "inet_service" -> ports(key);
      case "ifname . ipv4_addr", "ifname . ipv6_addr" -> {
        JsonNode parts = key.get("concat");
        yield new ElementKey.InterfaceAddress(
            parts.get(0).asText(), IpAddress.parse(parts.get(1).asText()));
      }
      // Not a set of ours. Its type differs from every wanted one, so the table is replaced.
      default -> new ElementKey.Interface(key.toString());
    };
  }

  private static ElementKey address(JsonNode key) {
    return new ElementKey.Address(IpAddress.parse(key.asText()));
  }

  private static ElementKey addresses(JsonNode key) {
    if (key.has("prefix")) {
      JsonNode prefix = key.get("prefix");
      Cidr cidr = new Cidr(IpAddress.parse(prefix.get("addr").asText()), prefix.get("len").asInt());
      return new ElementKey.AddressRange(cidr.address(), cidr.last());
    }
    if (key.has("range")) {
      return new ElementKey.AddressRange(
          IpAddress.parse(key.get("range").get(0).asText()),
          IpAddress.parse(key.get("range").get(1).asText()));
    }
    IpAddress single = IpAddress.parse(key.asText());
    return new ElementKey.AddressRange(single, single);
  }

  private static ElementKey ports(JsonNode key) {
    return key.has("range")
        ? new ElementKey.Ports(
            new PortRange(key.get("range").get(0).asInt(), key.get("range").get(1).asInt()))
        : new ElementKey.Ports(PortRange.of(key.asInt()));
  }
}
