package io.margay.agents.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.Verdict;
import io.margay.agents.registry.AgentRegistry;
import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyDeciderTest {
  private static final AgentPolicy OPEN =
      World.policy("open", "permit(principal, action, resource);");
  private static final AgentPolicy NO_HIGH_RISK =
      World.policy(
          "limits",
          "forbid(principal, action, resource) when { principal.risk_level == \"high\" };");
  private static final AgentPolicy BROKEN = World.policy("limits", "forbid(principal");
  private static final AgentCall CATALOG = World.call("analyst", "crm/read_catalog", "{}");

  private static Verdict verdict(PolicyDecider decider, AgentCall call) {
    return decider.decide(call).enforced().verdict();
  }

  @Test
  void deniesBeforeTheRegistryWasRead() {
    PolicyDecider decider = new PolicyDecider("production", World.sessions());

    AgentDecision decision = decider.decide(CATALOG);

    assertThat(decision.enforced().verdict()).isEqualTo(Verdict.DENY);
    assertThat(decision.enforced().reason()).contains("not read yet");
  }

  @Test
  void aPolicyThatBreaksClosesItsTierUntilItIsMendedOrDeleted() {
    PolicyDecider decider = World.decider(List.of(OPEN, NO_HIGH_RISK));
    assertThat(verdict(decider, CATALOG)).isEqualTo(Verdict.PERMIT);

    decider.take(World.snapshot(List.of(OPEN, BROKEN)));
    assertThat(verdict(decider, CATALOG)).isEqualTo(Verdict.DENY);
    assertThat(decider.problems().get(BROKEN.key()).getFirst().field())
        .isEqualTo("spec.cedar, line 1, column 17");

    decider.take(World.snapshot(List.of(OPEN, NO_HIGH_RISK)));
    assertThat(verdict(decider, CATALOG)).isEqualTo(Verdict.PERMIT);

    decider.take(World.snapshot(List.of(OPEN, BROKEN)));
    decider.take(World.snapshot(List.of(OPEN)));
    assertThat(verdict(decider, CATALOG)).isEqualTo(Verdict.PERMIT);
  }

  @Test
  void aNewPolicyThatIsBrokenChangesNothing() {
    PolicyDecider decider = World.decider(List.of(OPEN));

    decider.take(World.snapshot(List.of(OPEN, BROKEN)));

    assertThat(verdict(decider, CATALOG)).isEqualTo(Verdict.PERMIT);
    assertThat(decider.problems()).containsOnlyKeys(BROKEN.key());
  }

  @Test
  void aBrokenPolicyOfATierThatIsGoneDeniesEverything() {
    AgentPolicy guard =
        World.policy(
            "limits", "guard", "forbid(principal, action, resource) when { false };", false, "");
    PolicyDecider decider = World.decider(List.of(OPEN, guard));

    List<Resource> withoutTier = new ArrayList<>(World.resources());
    withoutTier.removeIf(resource -> resource.metadata().name().equals("guard"));
    withoutTier.addAll(List.of(OPEN, guard));
    decider.take(AgentRegistry.snapshot("margay.test", withoutTier));

    Ruling ruling = decider.decide(CATALOG).enforced();
    assertThat(ruling.verdict()).isEqualTo(Verdict.DENY);
    assertThat(ruling.tier()).isEqualTo("guard");
  }

  @Test
  void aNewAgentWithMatchingAttributesIsGovernedWithoutAnEditOfAPolicy() {
    AgentPolicy finance =
        World.policy(
            "finance",
            "permit(principal in Group::\"finance-agents\", action, resource) when"
                + " { principal.risk_level != \"high\" };");
    PolicyDecider decider = World.decider(List.of(finance));
    AgentCall call = World.call("newcomer", "crm/read_catalog", "{}");
    assertThat(verdict(decider, call)).isEqualTo(Verdict.DENY);
    String hash = decider.policySetHash();

    Agent newcomer = agent("newcomer", "finance", Agent.RiskLevel.LOW);
    decider.take(World.snapshot(List.of(finance, newcomer)));

    assertThat(verdict(decider, call)).isEqualTo(Verdict.PERMIT);
    assertThat(decider.policySetHash()).isEqualTo(hash);

    decider.take(
        World.snapshot(List.of(finance, agent("newcomer", "finance", Agent.RiskLevel.HIGH))));
    assertThat(verdict(decider, call)).isEqualTo(Verdict.DENY);
  }

  private static Agent agent(String name, String team, Agent.RiskLevel risk) {
    return new Agent(
        ObjectMeta.of("", name, Map.of()),
        new Agent.Spec("nora@example.org", team, "", risk, Set.of(), "", "", "", null, null));
  }

  @Test
  void stagedPoliciesNeverChangeTheEnforcedRuling() {
    Random random = new Random(7);
    for (int round = 0; round < 150; round++) {
      List<AgentPolicy> enforced = new ArrayList<>();
      List<AgentPolicy> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        boolean staged = i > 2;
        String replaces = staged && random.nextBoolean() ? "p" + random.nextInt(3) : "";
        AgentPolicy policy =
            World.policy(
                "p" + i, pick(random, "guard", "default"), cedar(random), staged, replaces);
        all.add(policy);
        if (!staged) {
          enforced.add(policy);
        }
      }
      PolicyDecider without = World.decider(enforced);
      PolicyDecider with = World.decider(all);
      for (String agent : List.of("analyst", "mailer")) {
        for (String tool : List.of("crm/read_catalog", "web/post")) {
          AgentCall call = World.call(agent, tool, "{}");
          assertThat(with.decide(call).enforced()).isEqualTo(without.decide(call).enforced());
          assertThat(without.decide(call).pending()).isEqualTo(without.decide(call).enforced());
        }
      }
    }
  }

  private static String cedar(Random random) {
    return pick(random, "permit", "@hold(\"count=2\") permit", "forbid")
        + "(principal"
        + pick(random, "", " == Agent::\"analyst\"", " in Group::\"senders\"")
        + ", action == Action::\"invokeTool\", resource"
        + pick(random, "", " in ToolServer::\"crm\"")
        + ")"
        + pick(
            random, "", " when { resource.external }", " unless { principal.team == \"office\" }")
        + ";";
  }

  private static String pick(Random random, String... options) {
    return options[random.nextInt(options.length)];
  }

  private static final AgentPolicy NO_LEAK =
      World.policy(
          "no-leak",
          "forbid(principal, action == Action::\"invokeTool\", resource) when { resource.external &&"
              + " context.session.read_data_classes.contains(\"customer\") };");

  @Test
  void nothingGoesOutAfterCustomerDataWasRead() {
    PolicyDecider decider = World.decider(List.of(OPEN, NO_LEAK));
    AgentCall post = World.call("analyst", "web/post", "{}");
    assertThat(verdict(decider, post)).isEqualTo(Verdict.PERMIT);
    assertThat(verdict(decider, CATALOG)).isEqualTo(Verdict.PERMIT);
    assertThat(verdict(decider, post)).isEqualTo(Verdict.PERMIT);

    decider.decide(World.call("analyst", "crm/read_customer", "{\"id\": \"7\"}"));

    Ruling ruling = decider.decide(post).enforced();
    assertThat(ruling.verdict()).isEqualTo(Verdict.DENY);
    assertThat(ruling.policies()).containsExactly("no-leak");
    assertThat(verdict(decider, World.call("mailer", "web/post", "{}"))).isEqualTo(Verdict.PERMIT);
  }

  @Test
  void aSessionThatIsNotKnownCountsAsHavingReadEverything() {
    Sessions sessions = new Sessions(1, Duration.ofHours(1), Instant.MIN);
    PolicyDecider decider = new PolicyDecider("production", sessions);
    decider.take(World.snapshot(List.of(OPEN, NO_LEAK)));
    AgentCall post = World.call("analyst", "web/post", "{}");
    assertThat(verdict(decider, post)).isEqualTo(Verdict.PERMIT);

    // There is room for one session only.
    decider.decide(World.call("mailer", "crm/read_catalog", "{}"));

    assertThat(sessions.evicted()).isEqualTo(1);
    assertThat(verdict(decider, post)).isEqualTo(Verdict.DENY);
  }

  @Test
  void listsShowWhatMayBeCalledWithSomeArguments() {
    AgentPolicy small =
        World.policy(
            "small",
            "permit(principal, action == Action::\"invokeTool\", resource in ToolServer::\"bank\") when"
                + " { context.arguments has amount &&"
                + " context.arguments.amount.lessThan(decimal(\"10.0\")) };");
    AgentPolicy catalog =
        World.policy(
            "catalog",
            "permit(principal, action == Action::\"invokeTool\", resource == Tool::\"crm/read_catalog\");");
    AgentPolicy never =
        World.policy(
            "never",
            "permit(principal, action == Action::\"invokeTool\", resource == Tool::\"web/post\") when"
                + " { principal.risk_level == \"high\" };");
    PolicyDecider decider = World.decider(List.of(small, catalog, never));
    List<Target> all =
        List.of(
            World.target("TOOL bank/pay"),
            World.target("TOOL crm/read_catalog"),
            World.target("TOOL crm/read_customer"),
            World.target("TOOL web/post"),
            World.target("TOOL web/nothing"));

    assertThat(decider.visible(CATALOG, all))
        .containsExactly(World.target("TOOL bank/pay"), World.target("TOOL crm/read_catalog"));
  }
}
