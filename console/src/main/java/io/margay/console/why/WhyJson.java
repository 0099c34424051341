package io.margay.console.why;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.flow.FlowJson;
import io.margay.flows.PolicyTrace;
import io.margay.model.verdict.Verdict;
import java.io.IOException;
import java.util.Locale;

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
    PolicyTrace trace = PolicyTrace.of(step.outcome());
    json.writeStartObject();
    json.writeStringField("endpoint", step.endpoint());
    json.writeStringField("direction", step.direction().name().toLowerCase(Locale.ROOT));
    json.writeStringField("stage", step.stage().name().toLowerCase(Locale.ROOT));
    json.writeStringField("action", trace.action().toString());
    json.writeStringField("pending_action", trace.pendingAction().toString());
    FlowJson.writePolicies(trace, json);
    FlowJson.writeHits("logs", trace.logs(), json);
    json.writeEndObject();
  }

  private static String action(Verdict verdict) {
    return switch (verdict) {
      case ALLOW -> "Allow";
      case DENY -> "Deny";
      case CONTINUE -> "Pass";
    };
  }
}
