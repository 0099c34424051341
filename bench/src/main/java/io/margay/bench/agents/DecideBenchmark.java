package io.margay.bench.agents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.Verdict;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.decide.Sessions;
import io.margay.agents.registry.AgentRegistry;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to decide one call, from the words of the gateway to the ruling with the attributes
 * that were read. Aim: below 20 µs with 1,000 policies.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecideBenchmark {
  private static final String WORLD =
      """
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: analyst}
      spec: {owner: ana@example.org, team: finance, riskLevel: low}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: stranger}
      spec: {owner: ana@example.org}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentGroup
      metadata: {name: finance-agents}
      spec: {selector: "team == 'finance'"}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: ToolServer
      metadata: {name: ledger}
      spec:
        url: https://ledger.example.org/mcp
        owner: lea@example.org
        tools:
        - name: read
          inputSchema: {type: object, properties: {account: {type: string}}}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: ToolSet
      metadata: {name: finance-readonly}
      spec: {tools: [ledger/read]}
      """;

  @Param({"10", "1000"})
  private int policies;

  private final AgentCall permitted = call("analyst");
  private final AgentCall denied = call("stranger");
  private final PolicyDecider decider =
      new PolicyDecider("benchmark", new Sessions(1_000, Duration.ofHours(1), Instant.MIN));

  @Setup
  public void prepare() {
    StringBuilder yaml = new StringBuilder(WORLD);
    for (int i = 0; i < policies; i++) {
      yaml.append(policy("p" + i, "g" + i % 50, "s" + i));
    }
    yaml.append(policy("reads", "finance-agents", "finance-readonly"));
    List<Resource> resources = new ArrayList<>();
    Manifests.read("benchmark", yaml.toString())
        .objects()
        .forEach(object -> resources.add(ResourceDecoder.decode(object).resource()));
    decider.take(AgentRegistry.snapshot("margay.local", resources));
    require(permitted, Verdict.PERMIT);
    require(denied, Verdict.DENY);
  }

  private static String policy(String name, String group, String set) {
    return """
    ---
    apiVersion: agents.margay.io/v1alpha1
    kind: AgentPolicy
    metadata: {name: %s}
    spec:
      cedar: |
        permit(principal in Group::"%s", action == Action::"invokeTool", resource in ToolSet::"%s")
        when { principal.risk_level == "low" && context.delegation_depth <= 3 };
    """
        .formatted(name, group, set);
  }

  private static AgentCall call(String agent) {
    String workload = "spiffe://margay.local/agent/" + agent;
    return new AgentCall(
        Protocol.MCP,
        "invokeTool",
        new Caller(workload, Optional.empty(), List.of(workload), "", List.of()),
        new Target(Target.Kind.TOOL, "ledger", "read"),
        JsonNodeFactory.instance.objectNode().put("account", "4711"),
        new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "hop"),
        Instant.parse("2026-11-27T12:00:00Z"));
  }

  private void require(AgentCall call, Verdict verdict) {
    AgentDecision decision = decider.decide(call);
    if (decision.enforced().verdict() != verdict) {
      throw new IllegalStateException("measures something else: " + decision);
    }
  }

  @Benchmark
  public AgentDecision permit() {
    return decider.decide(permitted);
  }

  @Benchmark
  public AgentDecision deny() {
    return decider.decide(denied);
  }
}
