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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentDecoderTest {
  /** PEM of an authority's certificate, in base64. */
  private static final String BUNDLE =
      """
      LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJnRENDQVNXZ0F3SUJBZ0lVVkFxZmlscjhr\
      TjhZTFJDaTQ5NWh1WXkvbkNBd0NnWUlLb1pJemowRUF3SXcKRkRFU01CQUdBMVVFQXd3SlFYVjBh\
      Rzl5YVhSNU1DQVhEVEkyTVRFeU9EQTROREV4T1ZvWUR6SXhNall4TVRBMApNRGcwTVRFNVdqQVVN\
      Ukl3RUFZRFZRUUREQWxCZFhSb2IzSnBkSGt3V1RBVEJnY3Foa2pPUFFJQkJnZ3Foa2pPClBRTUJC\
      d05DQUFScEt3azRsemgvdkdHZm9odXhxWEFsNGVOYUd0bzdaSzlNdzV0NjNIdkIwMFMyM01TSFFz\
      a28KZDFqOSt0T1JHZ2xnRjgzMForRzNBa3BCQU9SZnpMenhvMU13VVRBZEJnTlZIUTRFRmdRVWF6\
      ZTJvSTlGZG9mVgppaTFDM0pWWlo0ZGU3N0F3SHdZRFZSMGpCQmd3Rm9BVWF6ZTJvSTlGZG9mVmlp\
      MUMzSlZaWjRkZTc3QXdEd1lEClZSMFRBUUgvQkFVd0F3RUIvekFLQmdncWhrak9QUVFEQWdOSkFE\
      QkdBaUVBblU0ck1pTUt0VGZLaXNEckRjd0wKeG95dHdESThMeDkybkp1aDJ0WDFaZVVDSVFESHZ1\
      WE96bWZCTGFBSUg4NjRUOUIxMUV3WkRaUnd1ZjZSekNIMgplbzdkdlE9PQotLS0tLUVORCBDRVJU\
      SUZJQ0FURS0tLS0tCg==\
      """;

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
  void aServerNamesTheAuthoritiesThatVouchForIt() {
    String spec = "{url: '%s://crm.test/mcp', owner: o, caBundle: '%s'}";
    assertThat(problems("ToolServer", spec.formatted("https", BUNDLE))).isEmpty();
    assertThat(problems("ToolServer", spec.formatted("http", BUNDLE)))
        .singleElement()
        .asString()
        .contains("spec.url", "nobody vouches for it", "write https");
    ToolServer server =
        (ToolServer) stored("ToolServer", spec.formatted("https", BUNDLE)).resource();
    assertThat(server.spec().caBundle().orElseThrow().authorities())
        .singleElement()
        .satisfies(authority ->
            assertThat(authority.getSubjectX500Principal().getName()).isEqualTo("CN=Authority"));
  }

  /** Also where another API server has stored them: the registry uses nothing with a problem. */
  @ParameterizedTest
  @CsvSource({
    "-----BEGIN CERTIFICATE-----, PEM as it is",
    "not!base64, not base64",
    "aGVsbG8=, no certificates in PEM"
  })
  void authoritiesThatCannotBeReadAreRefused(String bundle, String reason) {
    String server = "{url: 'https://crm.test/mcp', owner: o, caBundle: '%s'}".formatted(bundle);
    assertThat(problems("ToolServer", server))
        .singleElement()
        .asString()
        .contains("spec.caBundle", reason, "base64 -w0");
    assertThat(stored("ToolServer", server).problems()).hasSize(1);
    String agent = "{owner: o, a2a: {url: 'https://a.test/', caBundle: '%s'}}".formatted(bundle);
    assertThat(stored("Agent", agent).problems()).hasSize(1);
    String provider =
        "{url: 'https://m.test/', api: openai, owner: o, caBundle: '%s'}".formatted(bundle);
    assertThat(stored("ModelProvider", provider).problems()).hasSize(1);
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
