package io.margay.app.cli.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.Main;
import io.margay.console.ConsoleConfig;
import io.margay.console.ConsoleServer;
import io.margay.console.ConsoleSources;
import io.margay.console.ConsoleStatus;
import io.margay.console.http.RequestObserver;
import io.margay.console.signin.SignInMethods;
import io.margay.console.why.ClusterExplainer;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowService;
import io.margay.model.flow.FlowEvent;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import io.margay.store.folder.FolderStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code get --show-policy-activities}. */
@Timeout(120)
class PolicyActivitiesTest {
  private static final String TIME = "2026-11-28T10:00:00Z";

  private static final String POLICIES =
      """
      {apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: one, namespace: shop}, spec: {ingress: [{action: Allow}]}}
      ---
      {apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: used, namespace: shop}, spec: {ingress: [{action: Deny}]}}
      ---
      {apiVersion: projectcalico.org/v3, kind: GlobalNetworkPolicy, metadata: {name: one}, spec: {}}
      ---
      {apiVersion: projectcalico.org/v3, kind: StagedNetworkPolicy, metadata: {name: one, namespace: shop}, spec: {}}
      ---
      {apiVersion: projectcalico.org/v3, kind: StagedGlobalNetworkPolicy, metadata: {name: one}, spec: {}}
      ---
      {apiVersion: projectcalico.org/v3, kind: StagedKubernetesNetworkPolicy, metadata: {name: one, namespace: shop}, spec: {}}
      ---
      {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: one, namespace: shop}, spec: {podSelector: {}}}
      ---
      {apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: one}, spec: {tier: Admin, priority: 1, subject: {namespaces: {}}}}
      ---
      {apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: security}, spec: {order: 1}}
      """;

  private static final List<Hit> TRACE =
      List.of(
          Hit.rule(
              new PolicyRef(PolicyKind.CALICO_NETWORK_POLICY, "default", "shop", "used"),
              0,
              RuleAction.DENY));
  private static final Outcome DENIED =
      new Outcome(Verdict.DENY, TRACE, Verdict.DENY, TRACE, List.of());

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource({
    "false, false, NEVER, NEVER, NEVER",
    "true, true, " + TIME + ", " + TIME + ", 3",
    "true, false, NOT YET, " + TIME + ", <3",
    "true, null, UNKNOWN, " + TIME + ", UNKNOWN",
  })
  void aLineTellsOfThisGenerationAndOfAny(
      boolean used, String inThisGeneration, String last, String lastInAny, String generation)
      throws IOException {
    String answer =
        """
        {"policies": [{"kind": "GlobalNetworkPolicy", "namespace": "", "name": "web",
          "generation": 3, "last_used": %s, "in_this_generation": %s}]}
        """
            .formatted(used ? "\"" + TIME + "\"" : "null", inThisGeneration);
    assertThat(cells(answer, "web")).containsExactly(last, lastInAny, generation);
    assertThat(cells(answer, "other")).as("not in the answer").containsOnly("UNKNOWN");
  }

  private static List<String> cells(String answer, String policy) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode object = mapper.createObjectNode();
    object.putObject("metadata").put("name", policy);
    return PolicyActivities.of(mapper.readTree(answer)).columns(Kind.GLOBAL_NETWORK_POLICY).stream()
        .map(column -> column.cell().apply(object, Instant.EPOCH))
        .toList();
  }

  @Test
  void everyKindOfPolicyIsFoundAtTheConsole() throws IOException {
    Files.writeString(folder.resolve("policies.yaml"), POLICIES);
    try (FolderStore store = FolderStore.open(folder, Duration.ofSeconds(5));
        FlowService flows = new FlowService(FlowLimits.DEFAULT, InstantSource.system());
        ConsoleServer console = console(flows, store)) {
      flows.start();
      console.start();
      flows.offer(denied());
      await().atMost(Duration.ofSeconds(30)).until(() -> flows.history().flows().count() == 1);

      String url = console.uri().toString();
      String kinds = "np,gnp,snp,sgnp,sknp,knp,cnp,tiers";
      assertThat(get(kinds, "-A", "--show-policy-activities", "--console", url)).isZero();
      List<String> lines = out.toString().lines().toList();
      assertThat(lines.getFirst())
          .matches(
              "NAMESPACE +NAME +TIER +ORDER +AGE +LAST EVALUATED +LAST EVALUATED \\(ANY GEN\\)"
                  + " +LAST EVALUATED GEN");
      assertThat(lines.stream().filter(line -> line.matches(".*\\bone\\b.*")))
          .hasSize(7)
          .allMatch(line -> line.matches(".*   NEVER +NEVER +NEVER"));
      assertThat(lines)
          .anyMatch(line -> line.matches("shop +used .*   20[-0-9T:.]+Z +<?1"))
          .as("tiers are shown as ever")
          .anyMatch(line -> line.matches("NAME +ORDER +DEFAULTACTION +AGE"));
      assertThat(get("gnp", "-o", "wide", "--show-policy-activities", "--console", url)).isZero();
      assertThat(out.toString()).containsPattern("TYPES +LAST EVALUATED +LAST EVALUATED \\(ANY");
    }
  }

  @Test
  void documentsAreAsEverAndWithoutAConsoleThereIsOneError() throws IOException {
    Files.writeString(folder.resolve("policies.yaml"), POLICIES);
    assertThat(get("gnp", "-o", "json", "--export")).isZero();
    String document = out.toString();
    String nobody = "http://127.0.0.1:1";
    assertThat(
            get("gnp", "-o", "json", "--export", "--show-policy-activities", "--console", nobody))
        .isZero();
    assertThat(out.toString()).isEqualTo(document);

    assertThat(get("gnp", "--show-policy-activities", "--console", nobody)).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("no console answers at " + nobody);
    assertThat(get("tiers", "--show-policy-activities", "--console", nobody)).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .contains("--show-policy-activities: only policies have any; ask for np, gnp");
  }

  private static ConsoleServer console(FlowService flows, FolderStore store) {
    return new ConsoleServer(
        ConsoleConfig.loopback(0),
        ConsoleSources.of(
            flows,
            store,
            new ClusterExplainer(),
            () -> new ConsoleStatus("node-1", "1", "simulated", Instant.EPOCH, Map.of(), Map.of()),
            InstantSource.system()),
        SignInMethods.none(),
        RequestObserver.NONE,
        InstantSource.system());
  }

  private static FlowEvent denied() {
    Packet packet =
        new Packet(
            IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"), Protocol.TCP, 40000, 81);
    return new FlowEvent.Judged(
        Instant.now(), "node-1", packet, Direction.INGRESS, DENIED, 60, 1, null);
  }

  private int get(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(
        Stream.concat(Stream.of("get", "--from", folder.toString()), Arrays.stream(words))
            .toArray(String[]::new));
  }
}
