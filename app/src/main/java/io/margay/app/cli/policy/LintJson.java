package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.flow.FlowJson;
import io.margay.model.verdict.Hit;
import io.margay.policy.engine.RuleUse;
import io.margay.policy.engine.RuleUse.Worth;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The JSON of rules that are not needed; what covers them looks like the hits of flows. */
final class LintJson {
  private static final JsonMapper JSON = new JsonMapper();

  private static final Comparator<RuleUse> ORDER =
      Comparator.<RuleUse, String>comparing(use -> use.rule().policy().tier())
          .thenComparing(use -> use.rule().policy().toString())
          .thenComparing(use -> use.rule().direction())
          .thenComparing(use -> use.rule().index());

  private static final Comparator<Hit> COVERS =
      Comparator.comparing(Hit::kind)
          .thenComparing(Hit::tier)
          .thenComparing(Hit::namespace)
          .thenComparing(Hit::name)
          .thenComparing(Hit::ruleIndex);

  private LintJson() {}

  static ObjectNode of(List<RuleUse> uses) {
    ObjectNode all = JSON.createObjectNode();
    for (Worth worth : Worth.values()) {
      all.put(word(worth), uses.stream().filter(use -> use.worth() == worth).count());
    }
    all.putArray("items");
    uses.stream()
        .filter(use -> use.worth() != Worth.NEEDED)
        .sorted(ORDER)
        .forEach(use -> all.withArray("items").add(of(use)));
    return all;
  }

  private static JsonNode of(RuleUse use) {
    ObjectNode node = JSON.createObjectNode();
    node.put("result", word(use.worth()));
    node.put("tier", use.rule().policy().tier());
    node.put("kind", use.rule().policy().kind().goldmaneName());
    node.put("namespace", use.rule().policy().namespace());
    node.put("name", use.rule().policy().name());
    node.put("direction", word(use.rule().direction()));
    node.put("rule_index", use.rule().index());
    node.set("covered_by", FlowJson.hits(use.coveredBy().stream().sorted(COVERS).toList()));
    return node;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
