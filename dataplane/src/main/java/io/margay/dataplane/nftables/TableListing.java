package io.margay.dataplane.nftables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.margay.dataplane.DataplaneException;
import io.margay.dataplane.nftables.Chain.Hook;
import io.margay.dataplane.nftables.Chain.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What the kernel has of our table, read from nft's JSON, and the elements of its sets.
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

  /** Reads the answer to {@code list table}, without elements. */
  static TableListing parse(String json) {
    Map<String, Hook> hooks = new HashMap<>();
    Map<String, List<Rule>> rules = new HashMap<>();
    Map<String, Ruleset.Counter> counters = new HashMap<>();
    Map<String, SetSpec> sets = new HashMap<>();
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
        sets.put(set.get("name").asText(), spec(set));
      }
    }
    Map<String, Chain> chains = HashMap.newHashMap(rules.size());
    rules.forEach((name, list) -> chains.put(name, new Chain(hooks.get(name), list)));
    return new TableListing(true, chains, counters, sets, Map.of());
  }

  /** The same with elements, which come by another way. */
  TableListing with(Map<String, Map<ElementKey, ElementValue>> content) {
    return new TableListing(exists, chains, counters, sets, content);
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
}
