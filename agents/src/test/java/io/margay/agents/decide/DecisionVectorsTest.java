package io.margay.agents.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Verdict;
import io.margay.model.resource.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class DecisionVectorsTest {
  @TestFactory
  Stream<DynamicTest> everyVector() throws IOException {
    try (InputStream in = World.resource("vectors.json")) {
      JsonNode vectors = World.JSON.readTree(in);
      return StreamSupport.stream(vectors.spliterator(), false)
          .map(vector -> DynamicTest.dynamicTest(vector.path("name").asText(), () -> play(vector)));
    }
  }

  private static void play(JsonNode vector) {
    List<Resource> more = new ArrayList<>();
    vector.path("policies").forEach(policy -> more.add(World.policy(policy)));
    vector.path("halts").forEach(halt -> more.add(World.halt(halt)));

    AgentDecision decision = World.decider(more).decide(World.call(vector.path("call")));

    check(decision.enforced(), vector.path("enforced"));
    check(
        decision.pending(),
        vector.has("pending") ? vector.path("pending") : vector.path("enforced"));
    assertThat(decision.errors()).hasSize(vector.path("errors").asInt());
    assertThat(decision.reads()).containsAll(texts(vector.path("reads")));
    assertThat(decision.policySetHash()).hasSize(64);
  }

  private static void check(Ruling ruling, JsonNode expected) {
    assertThat(ruling.verdict())
        .as(ruling.reason())
        .isEqualTo(Verdict.valueOf(expected.path("verdict").asText()));
    if (expected.has("tier")) {
      assertThat(ruling.tier()).isEqualTo(expected.path("tier").asText());
    }
    if (expected.has("policies")) {
      assertThat(ruling.policies()).isEqualTo(texts(expected.path("policies")));
    }
    assertThat(ruling.reason()).contains(expected.path("reason").asText());
    JsonNode hold = expected.path("hold");
    if (!hold.isMissingNode()) {
      assertThat(ruling.approval())
          .contains(
              new Ruling.Hold(
                  texts(hold.path("approvers")),
                  hold.path("count").asInt(),
                  hold.path("seconds").asInt(),
                  hold.path("hashOnly").asBoolean()));
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
