package io.margay.cedar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.Request;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Template;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.eval.PolicyError;
import io.margay.cedar.json.PolicySetJson;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.random.RandomWorld;
import io.margay.cedar.text.PolicyPrinter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Decides random requests with random policies, and asks the official implementation too: verdict,
 * determining policies and policies in error have to be the same. {@code
 * -Dmargay.property.seeds=100000 -Dmargay.property.first=1000000} runs more and others.
 */
class DifferentialTest {
  private static final long FIRST = Long.getLong("margay.property.first", 0);
  private static final long SEEDS = Long.getLong("margay.property.seeds", 10_000);

  private final Oracle oracle = new Oracle();

  @Test
  void decidesAsTheOfficialImplementation() {
    int allowed = 0;
    int withErrors = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      RandomWorld world = new RandomWorld(seed);
      PolicySet policies = world.policies(5);
      Entities entities = world.entities();
      Request request = world.request();

      // Our reading of our own text decides; theirs is of the text and of the JSON in turn.
      Decision decision = Authorizer.of(reread(policies)).decide(request, entities);
      Oracle.Answer expected =
          oracle.decide(seed % 2 == 0 ? json(policies) : texts(policies), entities, request);

      assertThat(
              new Oracle.Answer(
                  decision.isAllowed(),
                  new TreeSet<>(decision.reasons()),
                  decision.errors().stream()
                      .map(PolicyError::policyId)
                      .collect(Collectors.toCollection(TreeSet::new))))
          .as(() -> describe(policies, request, decision))
          .isEqualTo(expected);
      allowed += decision.isAllowed() ? 1 : 0;
      withErrors += decision.errors().isEmpty() ? 0 : 1;
    }
    // A generator that always gives the same kind of answer would test little.
    assertThat(allowed).isBetween((int) (SEEDS / 10), (int) (SEEDS * 9 / 10));
    assertThat(withErrors).isBetween((int) (SEEDS / 10), (int) (SEEDS * 9 / 10));
  }

  private static PolicySet reread(PolicySet policies) {
    PolicySet.Builder read = PolicySet.EMPTY.toBuilder();
    policies.templates().values().forEach(template -> read.add(reread(template)));
    PolicySet templates = read.build();
    for (Policy policy : policies.policies().values()) {
      Template template =
          policy.isLink()
              ? templates.templates().get(policy.template().id())
              : reread(policy.template());
      read.add(new Policy(policy.id(), template, policy.values()));
    }
    return read.build();
  }

  private static Template reread(Template template) {
    return CedarParser.template(
        template.id(), new SourceText(template.id(), PolicyPrinter.print(template)));
  }

  private static ObjectNode json(PolicySet policies) {
    return PolicySetJson.write(policies);
  }

  private static ObjectNode texts(PolicySet policies) {
    ObjectNode node = json(policies);
    for (String kind : Set.of("staticPolicies", "templates")) {
      ObjectNode all = (ObjectNode) node.get(kind);
      all.fieldNames()
          .forEachRemaining(id -> {
            Policy policy = policies.policies().get(id);
            Template template = policy == null ? policies.templates().get(id) : policy.template();
            all.put(id, PolicyPrinter.print(template));
          });
    }
    return node;
  }

  private static String describe(PolicySet policies, Request request, Decision decision) {
    return policies.policies().values().stream()
            .map(policy -> policy.id() + ": " + PolicyPrinter.print(policy))
            .collect(Collectors.joining("\n"))
        + "\n"
        + request
        + "\n"
        + decision;
  }
}
