package io.margay.agents.audit;

import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import io.margay.agents.call.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what {@link RecordJson#event} wrote. */
final class EventReader {
  private EventReader() {}

  static AuditEvent read(RecordFields json) {
    return new AuditEvent(
        json.oneOf("kind", AuditKind.class),
        json.time("at"),
        json.optionalNumber("about").map(OptionalLong::of).orElse(OptionalLong.empty()),
        json.optionalObject("trace").map(EventReader::trace),
        json.optionalObject("caller").map(EventReader::caller),
        json.optionalObject("target").map(target -> attempt(json, target)),
        json.optionalObject("decision").map(EventReader::decision),
        json.optionalText("owner"),
        json.optionalText("actor"),
        json.optionalText("status"),
        json.optionalNumber("latencyMicros").map(micros -> Duration.ofNanos(micros * 1000)),
        json.optionalText("payload"),
        json.optionalObject("details").map(EventReader::details).orElseGet(TreeMap::new));
  }

  private static TraceContext trace(RecordFields json) {
    return new TraceContext(json.text("trace"), json.text("span"), json.text("hop"));
  }

  private static Caller caller(RecordFields json) {
    return new Caller(
        json.text("workload"),
        json.optionalObject("user")
            .map(user -> new User(user.text("issuer"), user.text("subject"), List.of())),
        json.texts("chain"),
        json.optionalText("token"),
        json.optionalTexts("scope"));
  }

  private static AuditEvent.Attempt attempt(RecordFields json, RecordFields target) {
    return new AuditEvent.Attempt(
        json.oneOf("protocol", Protocol.class),
        json.text("action"),
        new Target(
            target.oneOf("kind", Target.Kind.class), target.text("server"), target.text("name")));
  }

  private static AgentDecision decision(RecordFields json) {
    return new AgentDecision(
        ruling(json.object("enforced")),
        ruling(json.object("pending")),
        json.text("policySet"),
        json.optionalTexts("errors"),
        json.optionalTexts("reads"));
  }

  private static Ruling ruling(RecordFields json) {
    Optional<Ruling.Hold> hold =
        json.optionalObject("approval")
            .map(approval ->
                new Ruling.Hold(
                    approval.texts("approvers"),
                    Math.toIntExact(approval.number("count")),
                    Math.toIntExact(approval.number("seconds")),
                    approval.optionalText("webhook").equals("hash")));
    return new Ruling(
        json.oneOf("verdict", Verdict.class),
        json.text("tier"),
        json.texts("policies"),
        json.text("reason"),
        hold);
  }

  private static SortedMap<String, String> details(RecordFields json) {
    SortedMap<String, String> details = new TreeMap<>();
    json.json().fieldNames().forEachRemaining(name -> details.put(name, json.text(name)));
    return details;
  }
}
