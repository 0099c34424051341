package io.margay.cedar.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.kernel.PolicyCoverage.Placement;
import io.margay.cedar.kernel.Rule.Backend;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.StringValue;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelCompilerTest {
  static final String SCHEMA_TEXT =
      """
      entity Group;
      entity Agent in [Group] = { risk_level: String };
      entity ToolSet;
      entity Tool in [ToolSet];
      entity DestinationSet;
      entity Host in [DestinationSet];
      entity File = { path: String };
      entity Endpoint = { host: Host, ip: ipaddr, port: Long };
      action invokeTool appliesTo {
        principal: Agent, resource: Tool, context: { delegation_depth: Long }
      };
      @kernel action readFile, execFile appliesTo { principal: Agent, resource: File,
        context: { mfa?: Bool, n: Long } };
      @kernel action connectNetwork appliesTo { principal: Agent, resource: Endpoint };
      """;

  static final Schema SCHEMA = Schema.parse(new SourceText("schema", SCHEMA_TEXT));
  static final EntityUid AGENT = EntityUid.of("Agent", "a");
  static final Entities ENTITIES =
      Entities.of(
          List.of(
              Entity.of(
                  AGENT,
                  RecordValue.of(Map.of("risk_level", new StringValue("low"))),
                  EntityUid.of("Group", "finance-agents"))));

  private static KernelCompiler compiler(String policies) {
    PolicySet set = CedarParser.policySet(new SourceText("p.cedar", policies));
    return new KernelCompiler(SCHEMA, set);
  }

  private static KernelProgram compile(String policies) {
    return compiler(policies).compile(AGENT, ENTITIES);
  }

  private static boolean reads(KernelProgram program, String path) {
    return program.allows(Operation.READ_FILE, new Access.File(path));
  }

  private static boolean connects(KernelProgram program, String address, long port) {
    return program.allows(
        Operation.CONNECT_NETWORK, new Access.Network(IpValue.parse(address).orElseThrow(), port));
  }

  private static final String SANDBOX =
      """
      permit(principal in Group::"finance-agents", action == Action::"readFile", resource)
      when {
        resource.path like "/workspace/analyst-*" ||
        resource.path == "/var/run/secrets/analyst-key"
      };
      """;

  @Test
  void theSandboxOfTheDesignIsEnforcedByTheKernel() {
    KernelProgram program = compile(SANDBOX);

    assertThat(reads(program, "/workspace/analyst-7/a.csv")).isTrue();
    assertThat(reads(program, "/var/run/secrets/analyst-key")).isTrue();
    assertThat(reads(program, "/var/run/secrets/other-key")).isFalse();
    assertThat(reads(program, "/etc/passwd")).isFalse();
    assertThat(program.allows(Operation.EXEC_FILE, new Access.File("/workspace/analyst-7")))
        .isFalse();
    assertThat(program.errno(Operation.READ_FILE, new Access.File("/etc/passwd")))
        .isEqualTo("EACCES");
    assertThat(compiler(SANDBOX).coverage())
        .singleElement()
        .satisfies(coverage -> assertThat(coverage.placement()).isEqualTo(Placement.KERNEL));
  }

  @Test
  void aPrincipalOutsideOfThePolicyMayNothing() {
    KernelProgram program = compiler(SANDBOX).compile(EntityUid.of("Agent", "stranger"), ENTITIES);

    assertThat(reads(program, "/workspace/analyst-7/a.csv")).isFalse();
  }

  @Test
  void rulesSayWhichBackendsCanCarryThem() {
    List<Rule> rules = compile(SANDBOX).operations().get(Operation.READ_FILE).allow();

    assertThat(rules)
        .extracting(Rule::backends)
        .containsExactly(EnumSet.of(Backend.LSM), EnumSet.of(Backend.LANDLOCK, Backend.LSM));
  }

  @Test
  void aToolPolicyStaysWithTheGateway() {
    PolicyCoverage coverage =
        compiler(
                """
                permit(principal in Group::"finance-agents", action == Action::"invokeTool",
                  resource in ToolSet::"finance-readonly")
                when { principal.risk_level == "low" && context.delegation_depth <= 3 };
                """)
            .coverage()
            .getFirst();

    assertThat(coverage.placement()).isEqualTo(Placement.GATEWAY);
    assertThat(coverage.note()).isEqualTo("none of its actions is kernel-enforced");
  }

  private static final String GUARDED_NETWORK =
      """
      permit(principal, action == Action::"connectNetwork", resource);
      @errno("ECONNREFUSED")
      forbid(principal, action == Action::"connectNetwork", resource)
      unless { resource.host in DestinationSet::"approved-llm-endpoints" };
      """;

  @Test
  void aForbidThatTheKernelCannotSeeForbidsEverythingThere() {
    KernelProgram program = compile(GUARDED_NETWORK);
    PolicyCoverage coverage = compiler(GUARDED_NETWORK).coverage().getLast();

    assertThat(connects(program, "10.0.0.1", 443)).isFalse();
    assertThat(
            program.errno(
                Operation.CONNECT_NETWORK,
                new Access.Network(IpValue.parse("10.0.0.1").orElseThrow(), 443)))
        .isEqualTo("ECONNREFUSED");
    assertThat(coverage.placement()).isEqualTo(Placement.BOTH);
    assertThat(coverage.note()).contains("forbids more");
    assertThat(coverage.clauses().getLast().reason()).contains("names of hosts");
  }

  @Test
  void theNaiveVersionThatWouldFailOpenIsRefused() {
    String text = SCHEMA_TEXT.replace("host: Host", "host: String");
    Schema naive = Schema.parse(new SourceText("schema", text));
    PolicySet policies = CedarParser.policySet(new SourceText("p.cedar", GUARDED_NETWORK));

    assertThatThrownBy(() -> new KernelCompiler(naive, policies))
        .isInstanceOf(CedarParseException.class)
        .hasMessageContaining("p.cedar:4:10: \"resource.host\"")
        .hasMessageContaining("but this is String")
        .hasMessageContaining("in asks about entities");
  }

  @Test
  void addressesAndPortsAreEnforced() {
    KernelProgram program =
        compile(
            """
            permit(principal, action == Action::"connectNetwork", resource)
            when { resource.ip.isInRange(ip("10.0.0.0/8")) && [443, 8443].contains(resource.port) };
            permit(principal, action == Action::"connectNetwork", resource)
            when { resource.ip.isLoopback() && resource.port > 1023 && 2000 >= resource.port };
            forbid(principal, action == Action::"connectNetwork", resource)
            when { resource.ip == ip("10.6.6.6") };
            """);

    assertThat(connects(program, "10.1.2.3", 443)).isTrue();
    assertThat(connects(program, "10.1.2.3", 80)).isFalse();
    assertThat(connects(program, "10.6.6.6", 443)).isFalse();
    assertThat(connects(program, "::1", 1024)).isTrue();
    assertThat(connects(program, "127.9.9.9", 2000)).isTrue();
    assertThat(connects(program, "127.9.9.9", 2001)).isFalse();
    assertThat(connects(program, "11.0.0.1", 443)).isFalse();
  }

  @Test
  void whatDependsOnTheContextIsNotAllowedByTheKernel() {
    String policies =
        """
        permit(principal, action == Action::"readFile", resource)
        when { context has mfa && context.mfa && resource.path like "/a/*" };
        permit(principal, action == Action::"readFile", resource)
        when { resource.path == "/b" || context has mfa };
        permit(principal, action == Action::"readFile", resource)
        when { context.n + 1 > 0 || resource.path == "/c" };
        """;
    KernelProgram program = compile(policies);

    assertThat(reads(program, "/a/x")).isFalse();
    assertThat(reads(program, "/b")).isTrue();
    // An overflow on the left would fail the policy, so the right side is not sure either.
    assertThat(reads(program, "/c")).isFalse();
    assertThat(compiler(policies).coverage())
        .extracting(PolicyCoverage::placement)
        .containsExactly(Placement.GATEWAY, Placement.BOTH, Placement.GATEWAY);
  }

  @Test
  void marksThatCannotBeEnforcedAreRefused() {
    Schema unknown =
        Schema.parse(
            new SourceText(
                "", "entity A; @kernel(\"fly\") action x appliesTo {principal: A, resource: A};"));
    Schema lacking =
        Schema.parse(
            new SourceText(
                "", "entity A; @kernel action readFile appliesTo {principal: A, resource: A};"));

    assertThatThrownBy(() -> new KernelCompiler(unknown, PolicySet.EMPTY))
        .hasMessageContaining("fly is no operation of a kernel");
    assertThatThrownBy(() -> new KernelCompiler(lacking, PolicySet.EMPTY))
        .hasMessageContaining("declare path: String");
  }

  @Test
  void anErrorThatNoKernelReturnsIsRefused() {
    assertThatThrownBy(() -> compiler("@errno(\"EOOPS\") forbid(principal, action, resource);"))
        .hasMessageContaining("no error that a kernel can return");
  }
}
