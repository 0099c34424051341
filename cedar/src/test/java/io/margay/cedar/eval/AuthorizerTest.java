package io.margay.cedar.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.PolicySetException;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Template;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.eval.Decision.Verdict;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.random.RandomWorld;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuthorizerTest {
  private static final EntityUid ANN = EntityUid.of("User", "ann");
  private static final EntityUid READ = EntityUid.of("Action", "read");
  private static final EntityUid DOC = EntityUid.of("Doc", "d");
  private static final Request REQUEST = new Request(ANN, READ, DOC);

  private static Template template(String id, String text) {
    return CedarParser.template(id, new SourceText(id + ".cedar", text));
  }

  /** A set that has grown and shrunk decides like one that was made at once. */
  @Test
  void changesOfOnePolicyLeadToTheSameAsCompilingAnew() {
    for (long seed = 0; seed < 500; seed++) {
      RandomWorld world = new RandomWorld(seed);
      PolicySet policies = world.policies(8);
      Entities entities = world.entities();
      Authorizer changed = Authorizer.of(PolicySet.EMPTY);
      for (Template template : policies.templates().values()) {
        changed = changed.with(template);
      }
      List<String> gone = new ArrayList<>();
      for (Policy policy : policies.policies().values()) {
        changed = policy.isLink() ? changed.with(policy) : changed.with(policy.template());
        if (world.random().nextInt(3) == 0) {
          gone.add(policy.id());
        }
      }
      Collections.shuffle(gone, new Random(seed));
      PolicySet left = policies;
      for (String id : gone) {
        changed = changed.withoutPolicy(id);
        left = left.withoutPolicy(id);
      }
      Authorizer anew = Authorizer.of(left);
      for (int i = 0; i < 4; i++) {
        Request request = world.request();
        assertThat(changed.decide(request, entities)).isEqualTo(anew.decide(request, entities));
      }
    }
  }

  @Test
  void theHashNamesWhatTheSetSays() {
    Template one = template("a", "permit(principal, action, resource);");
    Template two = template("b", "forbid(principal, action, resource) when { 1 < 2 };");
    String hash = Authorizer.of(PolicySet.of(List.of(one, two))).policySetHash();

    assertThat(hash).hasSize(64);
    assertThat(Authorizer.of(PolicySet.of(List.of(two, one))).policySetHash()).isEqualTo(hash);
    assertThat(
            Authorizer.of(PolicySet.of(List.of(one)))
                .with(template("b", "forbid(principal,action,resource) when{1<2};"))
                .policySetHash())
        .isEqualTo(hash);
    assertThat(Authorizer.of(PolicySet.of(List.of(one, two.withId("c")))).policySetHash())
        .isNotEqualTo(hash);
    assertThat(Authorizer.of(PolicySet.of(List.of(one))).policySetHash()).isNotEqualTo(hash);
  }

  @Test
  void aForbidInErrorFailsOpenInCedarAndClosedWhenStrict() {
    PolicySet policies =
        CedarParser.policySet(
            """
            permit(principal, action, resource);
            forbid(principal, action, resource) when { resource.host in Set::"bad" };
            """);
    Entities entities =
        Entities.of(
            List.of(Entity.of(DOC, RecordValue.of(Map.of("host", new StringValue("evil"))))));

    Decision plain = Authorizer.of(policies).decide(REQUEST, entities);
    Decision strict = StrictAuthorizer.of(policies, _ -> List.of()).decide(REQUEST, entities);

    assertThat(plain.verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(plain.errors()).extracting(PolicyError::policyId).containsExactly("policy1");
    assertThat(strict.verdict()).isEqualTo(Verdict.DENY);
    assertThat(strict.reasons()).containsExactly("policy1");
    assertThat(strict.errors().getFirst())
        .hasToString("policy \"policy1\" at 2:44: type error: expected entity, got string");
  }

  @Test
  void theStrictAuthorizerRefusesWhatDoesNotPassTheCheck() {
    CedarError problem = CedarError.in("p.cedar", "", "not valid", "");
    assertThatThrownBy(() -> StrictAuthorizer.of(PolicySet.EMPTY, _ -> List.of(problem)))
        .isInstanceOf(CedarParseException.class)
        .hasMessage("p.cedar: not valid.");
  }

  @Test
  void tellsWhatItLookedAt() {
    PolicySet policies =
        CedarParser.policySet(
            """
            permit(principal, action, resource)
            when { context.mfa && principal.team == "ops" && resource has owner };
            """);
    Entities entities =
        Entities.of(
            List.of(
                Entity.of(ANN, RecordValue.of(Map.of("team", new StringValue("ops")))),
                Entity.of(DOC, RecordValue.EMPTY)));
    Request request = new Request(ANN, READ, DOC, RecordValue.of(Map.of("mfa", BoolValue.TRUE)));

    assertThat(Authorizer.of(policies).decide(request, entities, true).reads())
        .containsExactly(
            new AttributeRead(Optional.empty(), "mfa", false, Optional.of(BoolValue.TRUE)),
            new AttributeRead(
                Optional.of(ANN), "team", false, Optional.of((Value) new StringValue("ops"))),
            new AttributeRead(Optional.of(DOC), "owner", false, Optional.empty()));
    assertThat(Authorizer.of(policies).decide(request, entities).reads()).isEmpty();
  }

  /** The index may not lose a policy that would be in error. */
  @Test
  void aMissingAttributeIsReportedThoughTheIndexLooksForIt() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("permit(principal, action, resource) when { principal.team == \"t")
          .append(i)
          .append("\" };");
    }
    Authorizer authorizer = Authorizer.of(CedarParser.policySet(text.toString()));
    Entities without = Entities.of(List.of(Entity.of(ANN, RecordValue.EMPTY)));
    Entities with =
        Entities.of(List.of(Entity.of(ANN, RecordValue.of(Map.of("team", new StringValue("t7"))))));

    assertThat(authorizer.decide(REQUEST, without).errors()).hasSize(20);
    assertThat(authorizer.decide(REQUEST, Entities.EMPTY).errors()).hasSize(20);
    assertThat(authorizer.decide(REQUEST, with).reasons()).containsExactly("policy7");
    assertThat(authorizer.decide(REQUEST, with).errors()).isEmpty();
  }

  /** Tests that policies share are made once; nothing else may change by it. */
  @Test
  void policiesThatShareTestsDecideAsIfEachMadeThem() {
    for (long seed = 0; seed < 500; seed++) {
      RandomWorld world = new RandomWorld(seed);
      PolicySet policies = world.policies(4);
      PolicySet.Builder twice = policies.toBuilder();
      for (Policy policy : policies.policies().values()) {
        if (!policy.isLink()) {
          twice.add(policy.template().withId(policy.id() + " again"));
        }
      }
      Entities entities = world.entities();
      Request request = world.request();
      Decision once = Authorizer.of(policies).decide(request, entities);
      Decision doubled = Authorizer.of(twice.build()).decide(request, entities);

      assertThat(doubled.verdict()).isEqualTo(once.verdict());
      assertThat(doubled.reasons().stream().filter(id -> !id.endsWith(" again")))
          .containsExactlyElementsOf(once.reasons());
      assertThat(doubled.errors().stream().filter(error -> !error.policyId().endsWith(" again")))
          .containsExactlyElementsOf(once.errors());
      assertThat(doubled.errors().stream().filter(error -> error.policyId().endsWith(" again")))
          .hasSize(
              (int)
                  once.errors().stream()
                      .filter(error -> !policies.policy(error.policyId()).isLink())
                      .count());
    }
  }

  @Test
  void anErrorInASharedTestIsReportedAtEachPolicysPlace() {
    Decision decision =
        Authorizer.of(
                CedarParser.policySet(
                    """
                    permit(principal, action, resource) when { context.mfa };
                    permit(principal, action, resource) when { context.mfa };
                    """))
            .decide(REQUEST, Entities.EMPTY);
    assertThat(decision.errors()).extracting(error -> error.span().line()).containsExactly(1, 2);
  }

  @Test
  void idsNameOnePolicyOnly() {
    Template one = template("a", "permit(principal, action, resource);");
    Template open = template("t", "permit(principal == ?principal, action, resource);");
    PolicySet set = PolicySet.of(List.of(one, open));
    Policy link = Policy.link("l", open, Map.of(Slot.PRINCIPAL, ANN));

    assertThatThrownBy(() -> set.with(one)).isInstanceOf(PolicySetException.class);
    assertThatThrownBy(() -> set.with(one.withId("t"))).isInstanceOf(PolicySetException.class);
    assertThatThrownBy(() -> set.with(Policy.link("a", open, Map.of(Slot.PRINCIPAL, ANN))))
        .isInstanceOf(PolicySetException.class)
        .hasMessageContaining("already in use");
    assertThatThrownBy(() -> Policy.link("l", open, Map.of()))
        .isInstanceOf(PolicySetException.class)
        .hasMessageContaining("?principal");
    assertThatThrownBy(() -> Policy.link("l", open, Map.of(Slot.RESOURCE, DOC)))
        .isInstanceOf(PolicySetException.class);
    assertThatThrownBy(() -> PolicySet.EMPTY.with(link)).isInstanceOf(PolicySetException.class);
    assertThatThrownBy(() -> set.with(link).withoutTemplate("t"))
        .isInstanceOf(PolicySetException.class)
        .hasMessageContaining("remove its links first");
    assertThat(set.with(link).withoutPolicy("l").withoutTemplate("t").policies())
        .containsOnlyKeys("a");
  }
}
