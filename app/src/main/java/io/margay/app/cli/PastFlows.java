package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a console has on record of two ends at some time. */
final class PastFlows {
  private static final JsonMapper JSON = new JsonMapper();

  /** How far before and after the time is looked: the nearest records win. */
  private static final List<Duration> AROUND =
      List.of(Duration.ofSeconds(15), Duration.ofMinutes(5), Duration.ofHours(1));

  private final ConsoleClient client;
  private final String from;
  private final Destination to;
  private final ObjectNode filter;

  /**
   * Asks for the flows of two ends.
   *
   * @throws CommandFailure where records cannot know an end
   */
  PastFlows(ConsoleClient client, String from, Destination to, String protocol) {
    this.client = client;
    this.from = from;
    this.to = to;
    this.filter = JSON.createObjectNode();
    ask("source", from);
    ask("dest", to.peer());
    filter.set("protocols", exactly(Set.of(protocol.toLowerCase(Locale.ROOT))));
    if (to.port() >= 0) {
      filter.putArray("dest_ports").addObject().put("value", to.port());
    }
  }

  private void ask(String end, String peer) {
    int slash = peer.indexOf('/');
    if (isAddress(peer)) {
      throw new CommandFailure(
          "flow records keep no addresses: instead of "
              + peer
              + " write \"PUBLIC NETWORK\", \"PRIVATE NETWORK\" or the name of its network set");
    }
    String namespace = slash < 0 ? "-" : peer.substring(0, slash);
    String name = peer.substring(slash + 1);
    filter.set(end + "_namespaces", exactly(Set.of(namespace)));
    filter.set(end + "_names", exactly(slash < 0 ? Set.of(global(name)) : namesOfPod(name)));
  }

  private static String global(String name) {
    return name.startsWith("host:") ? name.substring("host:".length()) : name;
  }

  /** Records name the pods of one owner together: {@code web-7d9f-*} for web-7d9f-x2x7c. */
  private static Set<String> namesOfPod(String name) {
    Set<String> names = new TreeSet<>(Set.of(name, name + "-*"));
    if (name.contains("-")) {
      names.add(name.substring(0, name.lastIndexOf('-')) + "-*");
    }
    return names;
  }

  private static boolean isAddress(String peer) {
    try {
      IpAddress.parse(peer);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ArrayNode exactly(Set<String> values) {
    ArrayNode matches = JSON.createArrayNode();
    values.forEach(value -> matches.addObject().put("value", value).put("type", "Exact"));
    return matches;
  }

  /**
   * The flows that were nearest.
   *
   * @throws CommandFailure if there is none, with what is known of that time
   */
  List<JsonNode> near(Instant time) {
    for (Duration around : AROUND) {
      List<JsonNode> found =
          ConsoleFlows.all(
              client,
              Map.of(
                  "startTimeGte", second(time.minus(around)),
                  "startTimeLt", second(time.plus(around)),
                  "filters", filter.toString()));
      if (!found.isEmpty()) {
        return found;
      }
    }
    throw new CommandFailure(
        "no flow from %s to %s%s is on record within an hour of %s: %s"
            .formatted(from, to.peer(), to.port() < 0 ? "" : ":" + to.port(), time, known(time)));
  }

  /** Why there may be nothing: it is not always that nobody spoke. */
  private String known(Instant time) {
    JsonNode uses =
        client.get(
            "/api/v1/policies/use", Map.of("startTimeGte", second(time.minus(AROUND.getLast()))));
    String recorded = uses.path("recorded_since").asText("");
    if (recorded.isEmpty()) {
      return "no flow at all is on record";
    }
    if (time.isBefore(Instant.parse(recorded))) {
      return "flows are on record since " + recorded + " only";
    }
    for (JsonNode gap : uses.path("gaps")) {
      Instant begin = Instant.parse(gap.path("from").asText());
      Instant end = Instant.parse(gap.path("to").asText());
      if (!time.isBefore(begin) && time.isBefore(end)) {
        return "no flow at all was recorded from %s to %s, it was quiet, or nobody collected"
            .formatted(begin, end);
      }
    }
    return "others are, so they did not speak, or no policy judged it";
  }

  /** A moment as the API takes it, for which 0 would mean since ever. */
  private static String second(Instant time) {
    return Long.toString(Math.max(1, time.getEpochSecond()));
  }
}
