package io.margay.console.why;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.flow.FlowJson;
import io.margay.flows.Flow;
import io.margay.flows.PolicyHit;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.PathStep;
import io.margay.policy.engine.GoverningTier;
import io.margay.policy.why.Change;
import io.margay.policy.why.Explanation;
import io.margay.policy.why.Explanation.Flip;
import io.margay.policy.why.Explanation.Point;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON of an explanation; its hits look like those of flows. */
public final class WhyJson {
  private WhyJson() {}

  public static void write(WhyAnswer answer, JsonGenerator json) throws IOException {
    Explanation explanation = answer.explanation();
    json.writeStartObject();
    writeQuestion(answer.question(), json);
    json.writeStringField("action", verdict(answer));
    json.writeStringField("pending_action", action(explanation.decision().pending().verdict()));
    json.writeArrayFieldStart("steps");
    for (Point point : explanation.points()) {
      write(point, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : answer.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    write(explanation.flip(), json);
    json.writeEndObject();
  }

  /** What was recorded about then. */
  static void writePast(PastFlows.Question question, PastFlows.Found found, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("from", question.from());
    json.writeStringField("to", question.to());
    json.writeStringField("at", question.at().toString());
    if (found.within() == null) {
      json.writeNullField("within_seconds");
    } else {
      json.writeNumberField("within_seconds", found.within().toSeconds());
    }
    json.writeArrayFieldStart("items");
    for (Flow flow : found.flows()) {
      FlowJson.write(flow, json);
    }
    json.writeEndArray();
    json.writeStringField("missing", found.missing());
    json.writeEndObject();
  }

  static void writeQuestion(WhyQuestion question, JsonGenerator json) throws IOException {
    json.writeStringField("from", question.from());
    json.writeStringField("to", question.to());
    json.writeStringField("protocol", question.protocol().toString().toLowerCase(Locale.ROOT));
    json.writeNumberField("port", question.port());
  }

  /** The enforced verdict. */
  static String verdict(WhyAnswer answer) {
    return action(answer.explanation().decision().enforced().verdict());
  }

  private static void write(Point point, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("endpoint", point.endpoint().toString());
    json.writeStringField("direction", point.direction().name().toLowerCase(Locale.ROOT));
    json.writeBooleanField("forwarding", point.forwarding());
    json.writeStringField("stage", point.stage().name().toLowerCase(Locale.ROOT));
    json.writeArrayFieldStart("tiers");
    for (GoverningTier tier : point.tiers()) {
      write(tier, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("profiles");
    for (String profile : point.profiles()) {
      json.writeString(profile);
    }
    json.writeEndArray();
    json.writeStringField("action", action(point.enforced()));
    json.writeStringField("pending_action", action(point.pending()));
    json.writeObjectFieldStart("policies");
    FlowJson.writeHits("enforced", hits(point.enforced()), json);
    FlowJson.writeHits("pending", hits(point.pending()), json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(GoverningTier tier, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", tier.name());
    json.writeStringField("default_action", tier.defaultAction().toString());
    json.writeArrayFieldStart("policies");
    for (PolicyRef policy : tier.policies()) {
      json.writeStartObject();
      json.writeStringField("kind", policy.kind().goldmaneName());
      json.writeStringField("namespace", policy.namespace());
      json.writeStringField("name", policy.name());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(@Nullable Flip flip, JsonGenerator json) throws IOException {
    if (flip == null) {
      json.writeNullField("flip");
      return;
    }
    json.writeObjectFieldStart("flip");
    json.writeArrayFieldStart("changes");
    for (Change change : flip.changes()) {
      json.writeStartObject();
      json.writeStringField("statement", change.statement());
      json.writeStringField("yaml", change.yaml());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static List<PolicyHit> hits(@Nullable PathStep step) {
    return step == null ? List.of() : PolicyHit.of(step.trace());
  }

  private static @Nullable String action(@Nullable PathStep step) {
    return step == null ? null : action(step.verdict());
  }

  private static String action(Verdict verdict) {
    return switch (verdict) {
      case ALLOW -> "Allow";
      case DENY -> "Deny";
      case CONTINUE -> "Pass";
    };
  }
}
