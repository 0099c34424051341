package io.margay.agents.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.agents.call.Verdict;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.decide.Sessions;
import io.margay.agents.decide.World;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.validate.StrictCheck;
import io.margay.cedar.value.EntityUid;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentRegistryTest {
  private static final String ANALYST =
      """
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: analyst}
      spec: {owner: ana@example.org, team: finance, spiffeId: spiffe://example.org/agent/analyst}
      """;

  private static List<KubeObject> objects(String yaml) {
    Manifests.Result read = Manifests.read("test", yaml);
    assertThat(read.problems()).isEmpty();
    return read.objects();
  }

  private static List<Resource> resources(String yaml) {
    return objects(yaml).stream().map(o -> ResourceDecoder.decode(o).resource()).toList();
  }

  private static boolean isIn(RegistrySnapshot registry, EntityUid child, EntityUid parent) {
    return registry.entities().find(child).isIn(parent);
  }

  @Test
  void groupsAndSetsFollowAttributes() {
    RegistrySnapshot registry = World.snapshot(List.of());

    EntityUid finance = EntityUid.of("Group", "finance-agents");
    EntityUid readonly = EntityUid.of("ToolSet", "finance-readonly");
    assertThat(isIn(registry, EntityUid.of("Agent", "analyst"), finance)).isTrue();
    assertThat(isIn(registry, EntityUid.of("Agent", "mailer"), finance)).isFalse();
    assertThat(isIn(registry, EntityUid.of("Tool", "crm/read_customer"), readonly)).isTrue();
    assertThat(isIn(registry, EntityUid.of("Tool", "bank/pay"), readonly)).isFalse();
    assertThat(registry.dataClasses()).containsExactlyInAnyOrder("customer", "catalog", "payments");
  }

  @Test
  void twoAgentsOfOneIdentityAreBothRefused() {
    RegistrySnapshot registry = World.snapshot(List.of());

    assertThat(registry.agents()).containsOnlyKeys("analyst", "mailer");
    assertThat(registry.problems().get(new ResourceKey(Kind.AGENT, "", "twin-a")).getFirst())
        .hasToString(
            "Agent twin-a, spec.spiffeId \"spiffe://example.org/agent/twin\": also claimed by twin-b:"
                + " all of them are refused; give each agent an id of its own.");
  }

  @Test
  void aLaterToolCannotChangeTheTypeOfAnArgument() {
    List<Resource> more =
        resources(
            """
            apiVersion: agents.margay.io/v1alpha1
            kind: ToolServer
            metadata: {name: zeta}
            spec:
              url: https://zeta.example.org/mcp
              owner: zoe@example.org
              tools:
              - {name: move, inputSchema: {type: object, properties: {amount: {type: string}}}}
            """);

    RegistrySnapshot registry = World.snapshot(more);

    assertThat(registry.schemaText()).contains("\"amount\"?: decimal");
    assertThat(registry.contradicting()).containsExactly("zeta/move");
    assertThat(
            registry
                .problems()
                .get(new ResourceKey(Kind.TOOL_SERVER, "", "zeta"))
                .getFirst()
                .reason())
        .contains("but of type DECIMAL in bank/pay");
  }

  @Test
  void theSchemaKnowsWhatTheSamplesSpeakOf() {
    String policies =
        """
        permit(principal in Group::"finance-agents", action == Action::"invokeTool",
               resource in ToolSet::"finance-readonly")
        when { principal.risk_level == "low" && context.delegation_depth <= 3 };
        forbid(principal, action in Action::"mcp", resource) unless { context.has_user };
        forbid(principal, action, resource) when { context.chain.contains(Agent::"mailer") };
        forbid(principal, action in [Action::"sendMessage"], resource)
        when { resource.environment != principal.environment };
        """;
    StrictCheck check = new StrictCheck(World.snapshot(List.of()).schema());

    assertThat(check.problems(CedarParser.policySet(new SourceText("", policies)))).isEmpty();
    String wrong = "permit(principal, action, resource) when { principal.risk == \"low\" };";
    assertThat(check.problems(CedarParser.policySet(new SourceText("", wrong)))).isNotEmpty();
  }

  @Test
  void theLiveViewFollowsTheStoreAndWritesStatus() {
    InstantSource clock = () -> World.NOW;
    PolicyDecider decider =
        new PolicyDecider("test", new Sessions(10, Duration.ofHours(1), Instant.MIN));
    try (ResourceStore store = new MemoryStore();
        StatusWriter status = new StatusWriter(store, clock);
        ResourceStream stream =
            ResourceStream.start(
                store,
                AgentRegistry.KINDS,
                new AgentRegistry(
                    "margay.test",
                    registry -> {
                      decider.take(registry);
                      status.tell(decider.allProblems(), Map.of());
                    }))) {
      // A policy that is broken at the start may have been in force before, and closes its tier.
      await().until(() -> !decider.policySetHash().isEmpty());
      objects(
              """
              apiVersion: agents.margay.io/v1alpha1
              kind: AgentPolicy
              metadata: {name: all}
              spec: {cedar: "permit(principal, action, resource);"}
              ---
              apiVersion: agents.margay.io/v1alpha1
              kind: AgentPolicy
              metadata: {name: broken}
              spec: {cedar: "permit(principal, action, resource) when { principal.nam };"}
              ---
              apiVersion: agents.margay.io/v1alpha1
              kind: ToolServer
              metadata: {name: crm}
              spec: {url: "https://crm.example.org/mcp", owner: c@example.org, tools: [{name: read_catalog}]}
              """)
          .forEach(store::create);
      await().until(() -> decider.problems().size() == 1);
      assertThat(verdict(decider)).isEqualTo(Verdict.DENY);

      objects(ANALYST).forEach(store::create);
      await().until(() -> verdict(decider) == Verdict.PERMIT);

      await().until(() -> ready(store, Kind.AGENT_POLICY, "broken").equals("False"));
      await().until(() -> ready(store, Kind.AGENT, "analyst").equals("True"));
      assertThat(stream.status().problems()).isEmpty();

      store.delete(new ResourceKey(Kind.AGENT, "", "analyst"), "");
      await().until(() -> verdict(decider) == Verdict.DENY);
    }
  }

  private static Verdict verdict(PolicyDecider decider) {
    return decider.decide(World.call("analyst", "crm/read_catalog", "{}")).enforced().verdict();
  }

  private static String ready(ResourceStore store, Kind kind, String name) {
    return store
        .get(new ResourceKey(kind, "", name))
        .map(object -> object.json().at("/status/conditions/0/status").asText())
        .orElse("");
  }

  @Test
  void whatCannotBeReadIsNotUsed() {
    List<Resource> all = new ArrayList<>(resources(ANALYST));
    AgentRegistry registry = new AgentRegistry("margay.test", snapshot -> all.clear());
    all.forEach(r -> registry.changed(new io.margay.model.resource.ResourceChange.Upsert(r)));
    registry.flush();
    assertThat(all).as("nothing is told before all was read").hasSize(1);

    registry.changed(new io.margay.model.resource.ResourceChange.InSync());
    registry.flush();
    assertThat(all).isEmpty();
  }
}
