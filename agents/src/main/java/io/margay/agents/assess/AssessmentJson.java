package io.margay.agents.assess;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes assessments as JSON, alike for the page and the command. */
public final class AssessmentJson {
  private AssessmentJson() {}

  public static ObjectNode of(Assessment assessment) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("level", assessment.level());
    ArrayNode questions = json.putArray("questions");
    for (Assessment.Question question : assessment.questions()) {
      ObjectNode one = questions.addObject();
      one.put("pillar", question.pillar()).put("question", question.question());
      one.put("answer", question.answer().name());
      evidence(one.putArray("evidence"), question.evidence());
    }
    ArrayNode levels = json.putArray("levels");
    for (Assessment.Level level : assessment.levels()) {
      ObjectNode one = levels.addObject();
      one.put("level", level.level()).put("name", level.name()).put("met", level.isMet());
      evidence(one.putArray("criteria"), level.criteria());
    }
    return json;
  }

  private static void evidence(ArrayNode array, List<Evidence> all) {
    for (Evidence evidence : all) {
      array
          .addObject()
          .put("fact", evidence.fact())
          .put("found", evidence.found())
          .put("source", evidence.source())
          .put("met", evidence.met());
    }
  }
}
