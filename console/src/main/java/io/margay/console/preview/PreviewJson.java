package io.margay.console.preview;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.flow.FlowJson;
import io.margay.console.preview.Conversation.Judgement;
import io.margay.model.assertion.Expectation;
import io.margay.model.net.Packet;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathDecision.Path;
import io.margay.policy.decide.PathStep;
import io.margay.policy.proof.Difference;
import io.margay.policy.proof.Example;
import io.margay.policy.proof.Place;
import io.margay.policy.proof.TwoStates;
import io.margay.policy.proof.Verdicts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON of previews; its hits look like those of flows. */
public final class PreviewJson {
  public static final String DENIED = "allowed -> denied";
  public static final String ALLOWED = "denied -> allowed";
  public static final String UNKNOWN = "unknown";
  private static final JsonMapper JSON = new JsonMapper();

  private final PreviewReport report;
  private final TwoStates states;
  private final PlaceNames names;

  private PreviewJson(PreviewReport report, TwoStates states, PlaceNames names) {
    this.report = report;
    this.states = states;
    this.names = names;
  }

  /**
   * The JSON.
   *
   * @param places all there are, by which it is known what is all of the outside
   */
  public static ObjectNode of(PreviewReport report, TwoStates states, List<Place> places) {
    return new PreviewJson(report, states, PlaceNames.of(states, places)).write();
  }

  private ObjectNode write() {
    ObjectNode json = JSON.createObjectNode();
    report.change().forEach(json.putArray("change")::add);
    json.put("pending", report.pending());
    json.set("flows", report.conversations().map(this::flows).orElse(null));
    json.set("endpoints", endpoints());
    json.put("expecting", report.expecting());
    report.differences().missed().stream()
        .map(Expectation::text)
        .forEach(json.putArray("missed")::add);
    return json;
  }

  private ObjectNode endpoints() {
    ObjectNode endpoints = JSON.createObjectNode();
    endpoints.put("allowed_to_denied", report.pairs(false));
    endpoints.put("denied_to_allowed", report.pairs(true));
    ArrayNode items = endpoints.putArray("items");
    report.differences().all().stream()
        .sorted(Comparator.comparing((Difference d) -> d.verdicts().after()))
        .forEach(difference -> items.add(difference(difference)));
    return endpoints;
  }

  private JsonNode flows(List<Conversation> conversations) {
    ObjectNode json = JSON.createObjectNode();
    json.put("conversations", conversations.size());
    json.put("connections", conversations.stream().mapToLong(Conversation::connections).sum());
    json.put("allowed_to_denied", count(conversations, DENIED));
    json.put("denied_to_allowed", count(conversations, ALLOWED));
    json.put("unknown", count(conversations, UNKNOWN));
    ArrayNode items = json.putArray("items");
    conversations.stream()
        .filter(conversation -> !change(conversation).isEmpty())
        .sorted(
            Comparator.comparing((Conversation c) -> change(c))
                .thenComparing(Comparator.comparing(Conversation::connections).reversed()))
        .forEach(conversation -> items.add(conversation(conversation)));
    return json;
  }

  private static long count(List<Conversation> conversations, String change) {
    return conversations.stream().filter(c -> change(c).equals(change)).count();
  }

  /** Empty where nothing changes. */
  private static String change(Conversation conversation) {
    return switch (conversation.judgement()) {
      case Judgement.Same() -> "";
      case Judgement.Turned turned -> change(turned.verdicts());
      case Judgement.Unknown _ -> UNKNOWN;
    };
  }

  private static String change(Verdicts verdicts) {
    return verdicts.after() ? ALLOWED : DENIED;
  }

  private ObjectNode conversation(Conversation conversation) {
    ObjectNode json = JSON.createObjectNode();
    json.put("change", change(conversation));
    json.put("source", ChangePreview.name(conversation.ends().source()));
    json.put("dest", ChangePreview.name(conversation.ends().dest()));
    json.put("protocol", conversation.flows().getFirst().key().protocolName());
    json.put("port", conversation.ends().port());
    json.put("connections", conversation.connections());
    json.put(
        "last_seen",
        conversation.flows().stream()
            .map(flow -> flow.end())
            .max(Comparator.naturalOrder())
            .map(Instant::toString)
            .orElse(null));
    switch (conversation.judgement()) {
      case Judgement.Turned turned -> {
        json.put("intended", turned.intended());
        deciders(turned.states(), turned.example(), turned.verdicts(), json);
      }
      case Judgement.Unknown(String missing) -> json.put("missing", missing);
      case Judgement.Same() -> {}
    }
    return json;
  }

  private ObjectNode difference(Difference difference) {
    ObjectNode json = JSON.createObjectNode();
    json.put("change", change(difference.verdicts()));
    names.of(difference.from()).forEach(json.putArray("from")::add);
    names.of(difference.to()).forEach(json.putArray("to")::add);
    json.put("traffic", difference.traffic());
    json.put("pairs", difference.pairs());
    json.put("intended", difference.intended());
    Example example = difference.example();
    Packet packet = example.packet();
    ObjectNode one = json.putObject("example");
    one.put("from", example.from().toString());
    one.put("to", example.to().toString());
    one.put("protocol", packet.protocol().toString().toLowerCase(Locale.ROOT));
    one.put("source_port", packet.sourcePort());
    one.put("port", packet.destinationPort());
    deciders(states, example, difference.verdicts(), json);
    return json;
  }

  /** What decides before and after, at the endpoint that denies in one of the two. */
  private void deciders(TwoStates judging, Example example, Verdicts verdicts, ObjectNode into) {
    Path before = path(judging.before(example));
    Path after = path(judging.after(example));
    PathStep denial = (verdicts.after() ? before : after).steps().getLast();
    into.set("before", decider(before, denial));
    into.set("after", decider(after, denial));
  }

  private Path path(PathDecision decision) {
    return report.pending() ? decision.pending() : decision.enforced();
  }

  private static @Nullable JsonNode decider(Path path, PathStep denial) {
    for (PathStep step : path.steps()) {
      if (step.endpoint().equals(denial.endpoint())
          && step.direction() == denial.direction()
          && !step.trace().isEmpty()) {
        return FlowJson.hits(List.of(step.trace().getLast())).path(0);
      }
    }
    return null;
  }
}
