package io.margay.cedar.partial;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.eval.Decision.Verdict;
import io.margay.cedar.eval.PolicyError;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.random.RandomWorld;
import io.margay.cedar.text.PolicyPrinter;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PartialEvaluationTest {
  private static final long FIRST = Long.getLong("margay.property.first", 0);
  private static final long SEEDS = Long.getLong("margay.property.seeds", 2_000);

  /** What is left decides as the whole set does, whatever the gaps are filled with. */
  @Test
  void residualPoliciesDecideAsTheWholeSet() {
    int decided = 0;
    int open = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      RandomWorld world = new RandomWorld(seed);
      PolicySet policies = world.policies(5);
      Entities entities = world.entities();
      Request first = world.request();
      PartialRequest partial = withGaps(world, first);

      PartialDecision decision = PartialEvaluator.evaluate(policies, partial, entities);
      Authorizer whole = Authorizer.of(policies);
      Authorizer residual = Authorizer.of(decision.residual());
      for (int i = 0; i < 8; i++) {
        Request request = i == 0 ? first : filled(partial, first, world.request());
        assertThat(partial.fits(request)).isTrue();
        Decision expected = whole.decide(request, entities);
        String description = "seed " + seed + "\n" + describe(policies, decision, partial, request);

        assertThat(outcome(residual.decide(request, entities)))
            .as(description)
            .isEqualTo(outcome(expected));
        decision
            .verdict()
            .ifPresent(
                verdict -> assertThat(expected.verdict()).as(description).isEqualTo(verdict));
      }
      decided += decision.verdict().isPresent() ? 1 : 0;
      open += decision.verdict().isPresent() ? 0 : 1;
    }
    assertThat(decided).isGreaterThan((int) (SEEDS / 10));
    assertThat(open).isGreaterThan((int) (SEEDS / 10));
  }

  private record Outcome(Verdict verdict, List<String> reasons, List<String> errors) {}

  private static Outcome outcome(Decision decision) {
    return new Outcome(
        decision.verdict(),
        decision.reasons(),
        decision.errors().stream().map(PolicyError::policyId).toList());
  }

  private static PartialRequest withGaps(RandomWorld world, Request request) {
    Map<String, Value> known = new LinkedHashMap<>();
    boolean complete = world.random().nextInt(3) == 0;
    request
        .context()
        .attributes()
        .forEach((name, value) -> {
          if (complete || world.random().nextBoolean()) {
            known.put(name, value);
          }
        });
    return new PartialRequest(
        part(world, request.principal()),
        part(world, request.action()),
        part(world, request.resource()),
        RecordValue.of(known),
        complete);
  }

  private static EntityPart part(RandomWorld world, EntityUid uid) {
    return switch (world.random().nextInt(3)) {
      case 0 -> EntityPart.Unknown.UNKNOWN;
      case 1 -> new EntityPart.OfType(uid.type());
      default -> EntityPart.known(uid);
    };
  }

  private static Request filled(PartialRequest partial, Request first, Request other) {
    RecordValue context = first.context();
    if (!partial.contextComplete()) {
      Map<String, Value> attributes = new LinkedHashMap<>(other.context().attributes());
      attributes.putAll(partial.context().attributes());
      context = RecordValue.of(attributes);
    }
    return new Request(
        uid(partial.principal(), other.principal()),
        uid(partial.action(), other.action()),
        uid(partial.resource(), other.resource()),
        context);
  }

  private static EntityUid uid(EntityPart part, EntityUid other) {
    return switch (part) {
      case EntityPart.Known known -> known.uid();
      case EntityPart.OfType ofType -> new EntityUid(ofType.type(), other.id());
      case EntityPart.Unknown _ -> other;
    };
  }

  private static String describe(
      PolicySet policies, PartialDecision decision, PartialRequest partial, Request request) {
    return text(policies)
        + "\nleft:\n"
        + text(decision.residual())
        + "\n"
        + partial
        + "\n"
        + request;
  }

  private static String text(PolicySet policies) {
    return policies.policies().values().stream()
        .map(policy -> policy.id() + ": " + PolicyPrinter.print(policy))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void listsWhatAPrincipalMayUse() {
    PolicySet policies =
        CedarParser.policySet(
            """
            permit(principal in Team::"ops", action == Action::"use", resource in ToolSet::"ops");
            permit(principal, action == Action::"use", resource is Tool) when { resource.risk < 3 };
            forbid(principal, action, resource) unless { principal.clearance > 1 };
            permit(principal in Team::"other", action, resource);
            """);
    EntityUid ann = EntityUid.of("User", "ann");
    EntityUid use = EntityUid.of("Action", "use");
    EntityUid deploy = EntityUid.of("Tool", "deploy");
    EntityUid read = EntityUid.of("Tool", "read");
    Entities entities =
        Entities.of(
            List.of(
                Entity.of(
                    ann,
                    RecordValue.of(Map.of("clearance", new LongValue(2))),
                    EntityUid.of("Team", "ops")),
                tool(deploy, 9, EntityUid.of("ToolSet", "ops")),
                tool(read, 1),
                tool(EntityUid.of("Tool", "delete"), 9)));

    PartialDecision decision =
        PartialEvaluator.evaluate(
            policies, PartialRequest.withoutResource(ann, use, RecordValue.EMPTY), entities);

    assertThat(decision.verdict()).isEqualTo(Optional.empty());
    assertThat(text(decision.residual()))
        .isEqualTo(
            """
            policy0: permit(principal, action, resource in ToolSet::"ops");
            policy1: permit(principal, action, resource is Tool) when { resource.risk < 3 };\
            """);
    Authorizer residual = Authorizer.of(decision.residual());
    assertThat(residual.decide(new Request(ann, use, deploy), entities).isAllowed()).isTrue();
    assertThat(residual.decide(new Request(ann, use, read), entities).isAllowed()).isTrue();
    assertThat(
            residual
                .decide(new Request(ann, use, EntityUid.of("Tool", "delete")), entities)
                .isAllowed())
        .isFalse();
  }

  private static Entity tool(EntityUid uid, long risk, EntityUid... parents) {
    return Entity.of(uid, RecordValue.of(Map.of("risk", new LongValue(risk))), parents);
  }
}
