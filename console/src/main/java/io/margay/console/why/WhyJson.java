package io.margay.console.why;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.flow.FlowJson;
import io.margay.console.why.WhyAnswer.Judgement;
import io.margay.flows.PolicyHit;
import io.margay.model.verdict.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON of an explanation; its hits look like those of flows. */
public final class WhyJson {
  private WhyJson() {}

  public static void write(WhyAnswer answer, JsonGenerator json) throws IOException {
    WhyQuestion question = answer.question();
    json.writeStartObject();
    json.writeStringField("from", question.from());
    json.writeStringField("to", question.to());
    json.writeStringField("protocol", question.protocol().toString().toLowerCase(Locale.ROOT));
    json.writeNumberField("port", question.port());
    json.writeStringField("action", action(answer.verdict()));
    json.writeStringField("pending_action", action(answer.pending()));
    json.writeArrayFieldStart("steps");
    for (WhyAnswer.Step step : answer.steps()) {
      write(step, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("notes");
    for (String note : answer.notes()) {
      json.writeString(note);
    }
    json.writeEndArray();
    json.writeStringField("flip", answer.flip());
    json.writeEndObject();
  }

  private static void write(WhyAnswer.Step step, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("endpoint", step.endpoint());
    json.writeStringField("direction", step.direction().name().toLowerCase(Locale.ROOT));
    json.writeBooleanField("forwarding", step.forwarding());
    json.writeStringField("stage", step.stage().name().toLowerCase(Locale.ROOT));
    json.writeStringField("action", action(step.enforced()));
    json.writeStringField("pending_action", action(step.pending()));
    json.writeObjectFieldStart("policies");
    FlowJson.writeHits("enforced", hits(step.enforced()), json);
    FlowJson.writeHits("pending", hits(step.pending()), json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static List<PolicyHit> hits(@Nullable Judgement judgement) {
    return judgement == null ? List.of() : PolicyHit.of(judgement.trace());
  }

  private static @Nullable String action(@Nullable Judgement judgement) {
    return judgement == null ? null : action(judgement.verdict());
  }

  private static String action(Verdict verdict) {
    return switch (verdict) {
      case ALLOW -> "Allow";
      case DENY -> "Deny";
      case CONTINUE -> "Pass";
    };
  }
}
