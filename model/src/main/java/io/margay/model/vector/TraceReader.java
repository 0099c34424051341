package io.margay.model.vector;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.resource.RuleAction;
import io.margay.model.vector.VectorTrace.ExpectedHit;
import io.margay.model.vector.VectorTrace.ViaTrace;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads the traces of expectations. */
final class TraceReader {
  private TraceReader() {}

  static VectorTrace trace(JsonNode trace) {
    return new VectorTrace(
        hits(trace.path("egress")),
        hits(trace.path("ingress")),
        VectorReader.items(trace, "via").map(TraceReader::via).toList());
  }

  private static ViaTrace via(JsonNode via) {
    List<ExpectedHit> rules = hits(via.path("rules"));
    return new ViaTrace(
        VectorReader.text(via, "hostEndpoint"),
        VectorReader.direction(via),
        stage(via.path("stage").asText("forward")),
        rules == null ? List.of() : rules);
  }

  private static Stage stage(String text) {
    return switch (text) {
      case "untracked" -> Stage.UNTRACKED;
      case "preDNAT" -> Stage.PRE_DNAT;
      case "normal" -> Stage.NORMAL;
      case "forward" -> Stage.FORWARD;
      default ->
          throw new IllegalArgumentException(
              "\"" + text + "\" is not a stage, write untracked, preDNAT, normal or forward");
    };
  }

  private static @Nullable List<ExpectedHit> hits(JsonNode list) {
    if (!list.isArray()) {
      return null;
    }
    return StreamSupport.stream(list.spliterator(), false).map(TraceReader::hit).toList();
  }

  private static ExpectedHit hit(JsonNode hit) {
    String kind = VectorReader.text(hit, "kind");
    return new ExpectedHit(
        Arrays.stream(PolicyKind.values())
            .filter(k -> k.vectorName().equals(kind))
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("\"" + kind + "\" is not a kind of hit")),
        hit.path("tier").asText(),
        hit.path("namespace").asText(),
        hit.path("name").asText(),
        hit.path("ruleIndex").asInt(-1),
        action(VectorReader.text(hit, "action")));
  }

  private static RuleAction action(String text) {
    return Arrays.stream(RuleAction.values())
        .filter(action -> action.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not an action"));
  }
}
