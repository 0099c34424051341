package io.margay.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.Approval;
import io.margay.model.resource.Budget;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ToolArguments;
import io.margay.model.resource.ToolArguments.Argument;
import io.margay.model.resource.ToolArguments.Type;
import io.margay.model.resource.ToolServer;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentDecoderTest {
  private static String manifest(String kind, String spec) {
    return "apiVersion: agents.margay.io/v1alpha1\nkind: "
        + kind
        + "\nmetadata: {name: it}\nspec: "
        + spec
        + "\n";
  }

  private static List<String> problems(String kind, String spec) {
    return Manifests.read("f", manifest(kind, spec)).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  private static Decoded stored(String kind, String spec) {
    // Past the strict reader, as another API server may have stored it.
    return ResourceDecoder.decode(
        new KubeObject(
            Kind.of("agents.margay.io/v1alpha1", kind).orElseThrow(), read(manifest(kind, spec))));
  }

  private static ObjectNode read(String yaml) {
    try {
      return (ObjectNode) new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void everyProblemOfAnAgentIsToldTogether() {
    assertThat(problems("Agent", "{riskLvel: low, spiffeId: 'spiffe://A/b', riskLevel: none}"))
        .anyMatch(text -> text.contains("owner: missing"))
        .anyMatch(text -> text.contains("riskLvel: unknown field; did you mean riskLevel?"))
        .anyMatch(text -> text.contains("not a SPIFFE id of a workload"))
        .anyMatch(text -> text.contains("riskLevel \"none\""));
    assertThat(problems("Agent", "{owner: ' '}")).hasSize(1).first().asString().contains("empty");
  }

  @Test
  void whatCannotBeMeantIsRefused() {
    assertThat(
            problems("ToolServer", "{url: 'ftp://x/', owner: o, tools: [{name: a, dataClass: c}]}"))
        .hasSize(2);
    assertThat(problems("AgentGroup", "{}")).hasSize(1);
    assertThat(problems("AgentGroup", "{selector: \"team = 'x'\"}")).hasSize(1);
    assertThat(problems("ToolSet", "{tools: [crm]}")).hasSize(1);
    assertThat(problems("AgentHalt", "{reason: r}")).hasSize(1);
    assertThat(
            problems("AgentPolicy", "{cedar: 'permit(principal, action, resource);', replaces: a}"))
        .hasSize(1);
  }

  @Test
  void anAgentOfUnknownRiskIsOfTheHighest() {
    Decoded decoded = stored("Agent", "{owner: o, riskLevel: 7}");

    assertThat(((Agent) decoded.resource()).spec().riskLevel()).isEqualTo(Agent.RiskLevel.HIGH);
    assertThat(decoded.problems()).hasSize(1);
  }

  @Test
  void aHaltThatCannotBeReadHaltsEverybodyForEver() {
    AgentHalt halt =
        (AgentHalt) stored("AgentHalt", "{selector: '!!', reason: r, until: tomorrow}").resource();

    assertThat(halt.spec().selector()).isNotNull();
    assertThat(halt.spec().selector().matches(Map.<String, String>of()::get)).isTrue();
    assertThat(halt.spec().until()).isNull();
  }

  @Test
  void anApprovalWithoutATimeIsRefused() {
    Approval approval = (Approval) stored("Approval", "{agent: a, count: 1}").resource();

    assertThat(approval.status().state()).isEqualTo(Approval.State.REFUSED);
  }

  @Test
  void aBudgetIsReadAsItIsWritten() {
    Decoded decoded =
        stored(
            "Budget",
            "{per: Team, models: [openai/*], tokens: 5000000000, cost: 2.5, windowSeconds: 86400}");
    assertThat(decoded.problems()).isEmpty();
    Budget budget = (Budget) decoded.resource();
    assertThat(budget.spec())
        .isEqualTo(
            new Budget.Spec(
                Budget.Per.TEAM,
                null,
                List.of("openai/*"),
                5_000_000_000L,
                new BigDecimal("2.5"),
                Duration.ofDays(1)));
    assertThat(budget.covers("openai", "small")).isTrue();
    assertThat(budget.covers("other", "small")).isFalse();

    assertThat(stored("Budget", "{per: Team, windowSeconds: 60}").problems())
        .extracting(Problem::reason)
        .containsExactly("limits nothing");
    assertThat(stored("Budget", "{per: Nobody, tokens: -1, windowSeconds: 0}").problems())
        .hasSize(3);
  }

  @Test
  void inputSchemasGiveOnlyTypesThatAreSure() {
    ToolServer server =
        (ToolServer)
            stored(
                    "ToolServer",
                    """
                    {url: 'http://x/', owner: o, tools: [{name: t, inputSchema: {type: object,
                      required: [a], properties: {
                        a: {type: string, maxLength: 3}, b: {type: integer}, c: {type: number},
                        d: {type: boolean}, e: {type: array, items: {type: string}},
                        f: {type: array, items: {type: integer}}, g: {type: [string, 'null']},
                        h: {anyOf: [{type: string}]}, i: {type: string, oneOf: []},
                        j: {type: array}, k: {type: object}}}}]}\
                    """)
                .resource();

    ToolArguments arguments = server.tool("t").orElseThrow().arguments().orElseThrow();
    assertThat(arguments.open()).isFalse();
    assertThat(arguments.declared())
        .containsExactly(
            new Argument("a", Type.TEXT, true),
            new Argument("b", Type.INTEGER, false),
            new Argument("c", Type.DECIMAL, false),
            new Argument("d", Type.FLAG, false),
            new Argument("e", Type.TEXTS, false),
            new Argument("f", Type.INTEGERS, false),
            new Argument("g", Type.OTHER, false),
            new Argument("h", Type.OTHER, false),
            new Argument("i", Type.OTHER, false),
            new Argument("j", Type.OTHER, false),
            new Argument("k", Type.OTHER, false));
  }
}
