package io.margay.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands that ask a console, against a real one. */
@Timeout(60)
class ConsoleCommandsTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final PolicyRef CLOSED =
      new PolicyRef(PolicyKind.NETWORK_POLICY, "default", "shop", "closed");
  private static final Outcome DENIED =
      new Outcome(
          Verdict.DENY,
          List.of(Hit.endOfTier("default", RuleAction.DENY, CLOSED)),
          Verdict.ALLOW,
          List.of(
              Hit.rule(
                  new PolicyRef(PolicyKind.STAGED_NETWORK_POLICY, "default", "shop", "open"),
                  2,
                  RuleAction.ALLOW)),
          List.of());

  private final ResourceStore store = new MemoryStore();
  private final ClusterExplainer explainer = new ClusterExplainer();
  private final FlowService flows = new FlowService(FlowLimits.DEFAULT, InstantSource.system());
  private final ConsoleServer console =
      new ConsoleServer(
          ConsoleConfig.loopback(0),
          ConsoleSources.of(
              flows,
              store,
              explainer,
              () ->
                  new ConsoleStatus("node-1", "1", "simulated", Instant.EPOCH, Map.of(), Map.of()),
              InstantSource.system()),
          SignInMethods.none(),
          RequestObserver.NONE,
          InstantSource.system());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() throws IOException {
    flows.start();
    console.start();
    given(Kind.NAMESPACE, "{metadata: {name: shop}}");
    pod("web-1", "10.0.0.1");
    pod("cart-1", "10.0.0.2");
    given(
        Kind.KUBERNETES_NETWORK_POLICY,
        """
        metadata: {name: closed, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: cart-1}}
          ingress:
            - from: [{podSelector: {matchLabels: {app: web-1}}}]
              ports: [{port: 80}]
        """);
  }

  @AfterEach
  void stop() {
    console.close();
    flows.close();
    store.close();
  }

  private void pod(String name, String address) throws IOException {
    given(
        Kind.POD,
        "{metadata: {name: %s, namespace: shop, labels: {app: %s}}, spec: {nodeName: n, containers: [{name: c, image: i}]}, status: {phase: Running, podIPs: [{ip: %s}]}}"
            .formatted(name, name, address));
  }

  private void given(Kind kind, String yaml) throws IOException {
    ObjectNode object = (ObjectNode) YAML.readTree(yaml);
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    KubeObject stored = store.create(new KubeObject(kind, object));
    ResourceChange change = new ResourceChange.Upsert(ResourceDecoder.decode(stored).resource());
    flows.apply(change);
    explainer.apply(change);
  }

  private void denied(int port) {
    Packet packet =
        new Packet(
            IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"), Protocol.TCP, 40000, port);
    flows.offer(
        new FlowEvent.Judged(
            Instant.now(), "node-1", packet, Direction.INGRESS, DENIED, 60, 1, null));
  }

  private int margay(String... words) {
    out.getBuffer().setLength(0);
    List<String> arguments = new ArrayList<>(List.of(words));
    arguments.add("--console");
    arguments.add(console.uri().toString());
    return run(out, err, arguments.toArray(String[]::new));
  }

  private static int run(StringWriter out, StringWriter err, String... words) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(words);
  }

  @Test
  void flowsComeInFormatsForPeopleAndPrograms() throws Exception {
    denied(81);
    await().until(() -> flows.history().flows().count() == 1);
    assertThat(margay("flows", "--denied", "-o", "csv")).isZero();
    assertThat(out.toString().lines().toList()).hasSize(2);
    assertThat(out.toString()).startsWith("TIME,VERDICT,").contains("Deny").contains("closed");
    assertThat(margay("flows", "--denied", "-o", "yaml")).isZero();
    assertThat(out.toString()).startsWith("items:").contains("action: Deny");
    assertThat(margay("flows", "--group-by", "policy")).isZero();
    assertThat(out.toString()).startsWith("GROUP").contains("NetworkPolicy shop/closed");
    assertThat(margay("flows", "--tier", "nowhere", "--policy", "closed", "-o", "json")).isZero();
    assertThat(out.toString()).as("one hit must have both").contains("\"items\" : [ ]");
    assertThat(margay("flows", "--since", "1m", "--until", "2m")).isEqualTo(2);
    assertThat(margay("flows", "--follow", "--group-by", "rule")).isEqualTo(2);
    assertThat(margay("top", "--count", "1", "--every", "1ms")).isZero();
    assertThat(out.toString()).contains("1 denied").contains("Deny     shop/web-1");
  }

  @Test
  void flowsAreListedWithWhatDecided() {
    denied(81);
    await().until(() -> flows.history().flows().count() == 1);
    assertThat(margay("flows")).isZero();
    assertThat(out.toString().lines().toList().getFirst())
        .startsWith("TIME ")
        .contains("VERDICT  PENDING  SOURCE      DESTINATION  PORT");
    assertThat(out.toString().lines().toList().getLast())
        .contains("Deny     Allow    shop/web-1  shop/cart-1  tcp/81  Dst")
        .endsWith("end of tier default (because of NetworkPolicy shop/closed)");
    margay("flows", "-o", "wide");
    assertThat(out.toString())
        .contains("1/0")
        .contains("StagedNetworkPolicy shop/open rule 2 (tier default)");
  }

  @ParameterizedTest
  @CsvSource({
    "--verdict=deny, 1",
    "--verdict=allow, 0",
    "--namespace=shop, 1",
    "--namespace=sho, 0",
    "--policy=closed, 1",
    "--policy=shop/closed, 1",
    "--policy=lab/closed, 0",
    "--tier=default, 1",
    "--source=web, 1",
    "--dest=web, 0",
    "--port=81, 1",
    "--port=82, 0",
    "--pending-differs, 1",
  })
  void filters(String option, int expected) throws IOException {
    denied(81);
    await().until(() -> flows.history().flows().count() == 1);
    assertThat(margay("flows", "-o", "json", option)).as(err::toString).isZero();
    JsonNode list = new ObjectMapper().readTree(out.toString());
    assertThat(list.path("items")).hasSize(expected);
    margay("flows", option);
    assertThat(out.toString().startsWith("No such flows")).isEqualTo(expected == 0);
  }

  @Test
  void followingPrintsNewConnectionsUntilTheConsoleEnds() throws Exception {
    StringWriter followed = new StringWriter();
    StringWriter errors = new StringWriter();
    int[] exit = {-1};
    String url = console.uri().toString();
    Thread follower =
        Thread.startVirtualThread(
            () -> exit[0] = run(followed, errors, "flows", "-f", "--console", url));
    await().until(() -> flows.statistics().streams() == 1);
    denied(90);
    await().until(() -> followed.toString().contains("tcp/90"));
    denied(91);
    await().until(() -> followed.toString().contains("tcp/91"));
    assertThat(followed.toString().lines().filter(line -> line.contains("tcp/90"))).hasSize(1);
    console.close();
    flows.close();
    follower.join();
    assertThat(exit[0]).isEqualTo(1);
    assertThat(errors.toString()).contains("no console answers");
  }

  @Test
  void whyPrintsBothEndsTheRuleAndWhatWouldTurnIt() {
    assertThat(margay("why", "shop/web", "shop/cart-1:80")).isZero();
    assertThat(out.toString())
        .startsWith("shop/web -> shop/cart-1 tcp/80: Allow\n")
        .contains("Egress at shop/web-1: Allow\n  profile kns.shop\n  => Allow  profile kns.shop\n")
        .contains("Ingress at shop/cart-1: Allow\n  tier default: NetworkPolicy shop/closed\n")
        .contains("  => Allow  NetworkPolicy shop/closed rule 0")
        .contains("| from:\n")
        .contains("| ports:\n")
        .contains("Note: shop/web stands for the pod shop/web-1.")
        .contains("What would turn this into Deny:\n");
    assertThat(margay("why", "10.0.0.1", "10.0.0.2:443")).isZero();
    assertThat(out.toString())
        .contains("tcp/443: Deny")
        .contains("=> Deny   end of tier default (because of NetworkPolicy shop/closed)")
        .contains("What would turn this into Allow:\n")
        .contains("NetworkPolicy shop/closed")
        .containsPattern("What that would turn, this included:\nRecorded: 0 conversations")
        .containsPattern("denied -> allowed +\\d+ +shop/web-1 +shop/cart-1 +tcp/443 ");
    assertThat(margay("why", "10.0.0.1", "10.0.0.2:443", "--no-effect")).isZero();
    assertThat(out.toString()).doesNotContain("What that would turn");
    assertThat(margay("why", "shop/web-1", "shop/cart-1", "--protocol", "icmp")).isZero();
    assertThat(out.toString()).contains("icmp type 8 code 0: Deny");
    assertThat(margay("why", "shop/web-1", "shop/cart-1:80", "-o", "json")).isZero();
    assertThat(out.toString()).contains("\"action\" : \"Allow\"");
  }

  @Test
  void aDenialIsExplainedAsItWasAndComesWithItsRemedy() {
    assertThat(margay("why", "shop/web-1", "shop/cart-1:443", "--fix")).isZero();
    assertThat(out.toString())
        .startsWith("# add an Allow rule to the ingress rules of NetworkPolicy shop/closed")
        .contains("kind: StagedKubernetesNetworkPolicy", "port: 443", "stagedAction: Set");
    denied(443);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> margay("flows", "-o", "json") == 0 && out.toString().contains("\"id\""));
    String id = out.toString().replaceAll("(?s).*\"id\" : \"([^\"]+)\".*", "$1");
    assertThat(margay("why", "--flow", id)).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("shop/web-1 -> shop/cart-1 tcp/443: Deny\nrecorded at the destination, ")
        .contains("labels of the source: app=web-1 | ", "enforced then:\n  => Deny ");
    assertThat(margay("why", "--flow", id, "--fix")).isZero();
    assertThat(out.toString()).contains("kind: StagedKubernetesNetworkPolicy");
    assertThat(margay("why", "shop/web-1", "shop/cart-1:443", "--at", "1m"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .contains("shop/web-1 -> shop/cart-1 tcp/443: Deny\nrecorded at the destination, ")
        .contains("enforced then:\n  => Deny ");
    assertThat(margay("why", "shop/web-1", "shop/cart-1:444", "--at", "1m")).isEqualTo(1);
    assertThat(err.toString())
        .contains("no flow from shop/web-1 to shop/cart-1:444 is on record within an hour of");
    assertThat(margay("why", "shop/web-1", "shop/cart-1:443", "--at", "90d")).isEqualTo(1);
    assertThat(err.toString()).contains("flows are on record since 20");
    assertThat(margay("why", "10.0.0.1", "shop/cart-1:443", "--at", "1m")).isEqualTo(1);
    assertThat(err.toString()).contains("flow records keep no addresses");
    assertThat(margay("why", "shop/web-1", "shop/cart-1:443", "--at", "later")).isEqualTo(2);
    assertThat(margay("why", "--flow", id, "shop/web-1")).isEqualTo(2);
    assertThat(margay("why", "shop/web-1")).isEqualTo(2);
    assertThat(margay("why", "--flow", "1-1")).isEqualTo(1);
  }

  @Test
  void whyWorksFromAFolderWithoutAConsole(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("cluster.yaml"),
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: lab}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: probe, namespace: lab}
        spec: {nodeName: n, containers: [{name: c, image: i}]}
        status: {phase: Running, podIPs: [{ip: 10.1.0.1}]}
        ---
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata: {name: guard, namespace: lab}
        spec:
          egress: [{action: Deny, protocol: TCP}]
        """);
    String from = folder.toString();
    assertThat(run(out, err, "why", "lab/probe", "8.8.8.8:53", "--from", from)).isZero();
    assertThat(out.toString())
        .contains("tcp/53: Deny")
        .contains("=> Deny   CalicoNetworkPolicy lab/guard rule 0 (tier default)")
        .contains("| action: Deny\n")
        .contains("What would turn this into Allow:");
    assertThat(run(out, err, "why", "lab/probe", "8.8.8.8:53", "--fix", "--from", from)).isZero();
    assertThat(out.toString()).contains("kind: Staged");
    assertThat(run(out, err, "why", "lab/probe", "8.8.8.8", "--from", from)).isEqualTo(1);
    assertThat(err.toString()).contains("port is missing");
    err.getBuffer().setLength(0);
    assertThat(run(out, err, "why", "lab/none", "8.8.8.8:1", "--from", from)).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains("lab/none");
    err.getBuffer().setLength(0);
    assertThat(margay("why", "lab/probe", "8.8.8.8:1", "--from", from)).isEqualTo(1);
    assertThat(err.toString()).contains("--console excludes --from");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "why shop/nobody shop/cart-1:80 | pod shop/nobody does not exist",
        "why shop/web-1 shop/cart-1 | port is missing",
        "why shop/web-1 shop/cart-1:99999 | port 99999 is not between 0 and 65535",
        "why shop/web-1 shop/cart-1:80 --protocol carrier | \"carrier\" is not a protocol",
      })
  void badQuestionsAreAnsweredWithOneLine(String words, String message) {
    assertThat(margay(words.split(" "))).isEqualTo(1);
    assertThat(err.toString().lines()).singleElement().asString().contains(message);
  }

  @Test
  void wrongConsolesAreSaidSo() {
    assertThat(run(out, err, "flows", "--console", "not a url")).isEqualTo(1);
    assertThat(err.toString()).contains("is not the address of a console");
    err.getBuffer().setLength(0);
    String gone = console.uri().toString();
    console.close();
    assertThat(run(out, err, "flows", "--console", gone)).isEqualTo(1);
    assertThat(err.toString()).contains("no console answers at");
    err.getBuffer().setLength(0);
    assertThat(run(out, err, "flows", "--since", "yesterday")).isEqualTo(2);
    assertThat(err.toString()).contains("yesterday");
  }

  @ParameterizedTest
  @CsvSource({
    "shop/cart:80, shop/cart, 80",
    "shop/cart, shop/cart, -1",
    "10.0.0.1:443, 10.0.0.1, 443",
    "10.0.0.1, 10.0.0.1, -1",
    "fd00::1, fd00::1, -1",
    "[fd00::1]:80, fd00::1, 80",
    "[fd00::1], fd00::1, -1",
    "host:edge, host:edge, -1",
    "host:edge:22, host:edge, 22",
  })
  void destinations(String text, String peer, int port) {
    assertThat(Destination.parse(text)).isEqualTo(new Destination(peer, port));
  }

  @Test
  void completionKnowsEveryCommandAndShell() {
    for (String shell : List.of("bash", "zsh")) {
      out.getBuffer().setLength(0);
      assertThat(run(out, err, "completion", shell)).isZero();
      assertThat(out.toString()).contains("complete ").contains("margay").contains("--follow");
    }
    out.getBuffer().setLength(0);
    assertThat(run(out, err, "completion", "fish")).isZero();
    assertThat(out.toString())
        .contains("complete -c margay -f")
        .contains("-a 'why'", "-a 'recommend'")
        .contains(
            "__fish_seen_subcommand_from flows; and not __fish_seen_subcommand_from serve'"
                + " -l verdict -r -f -a 'allow deny'")
        .contains("__fish_seen_subcommand_from top' -l verdict -r -f -a 'allow deny'")
        .doesNotContain("${");
    assertThat(run(out, err, "completion", "tcsh")).isEqualTo(2);
    out.getBuffer().setLength(0);
    assertThat(run(out, err, "version")).isZero();
    assertThat(out.toString()).startsWith("margay ").contains("Java 25");
  }

  @Test
  void unusedPoliciesAndRulesAreListedWithWhatIsNotKnown() throws IOException {
    given(
        Kind.KUBERNETES_NETWORK_POLICY,
        """
        metadata: {name: forgotten, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: nobody}}
          ingress: [{}]
        """);
    assertThat(margay("policy", "unused", "-t", "30d")).isZero();
    assertThat(out.toString())
        .contains("shop/closed", "shop/forgotten")
        .contains("No flow is on record");

    denied(81);
    await().until(() -> flows.history().flows().count() == 1);
    assertThat(margay("policy", "unused", "-t", "30d")).isZero();
    assertThat(out.toString())
        .containsPattern("default +NetworkPolicy +shop/forgotten +all +never +not yet")
        .as("its tier's end is used, its rule is not")
        .containsPattern("default +NetworkPolicy +shop/closed +ingress\\[0] +never +not yet")
        .contains("but flows are on record since")
        .contains("a yearly job or a failover may need it");

    assertThat(margay("policy", "unused", "-o", "csv")).isZero();
    assertThat(out.toString())
        .startsWith("OWNER,TIER,KIND,POLICY,RULE,LAST USED,IN THIS GENERATION,CREATED\n")
        .contains("shop,default,NetworkPolicy,shop/forgotten,all,never,not yet,20");
    assertThat(margay("policy", "unused", "--owner", "shop", "-o", "csv")).isZero();
    assertThat(out.toString()).contains("shop/forgotten");
    assertThat(margay("policy", "unused", "--owner", "bank")).isEqualTo(1);
    assertThat(err.toString()).contains("nobody of that name answers for a policy", "shop");
    assertThat(margay("policy", "unused", "-o", "json")).isZero();
    JsonNode closed = new ObjectMapper().readTree(out.toString()).at("/policies/0");
    assertThat(closed.path("name").asText()).isEqualTo("closed");
    assertThat(closed.path("unused").asBoolean()).isFalse();
    assertThat(closed.path("generation").asInt()).isEqualTo(1);
    assertThat(margay("policy", "unused", "-t", "3w")).isEqualTo(2);
    assertThat(err.toString()).contains("\"3w\" is not a time");
  }
}
