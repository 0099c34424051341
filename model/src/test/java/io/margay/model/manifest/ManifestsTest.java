package io.margay.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.Manifests.Options;
import io.margay.model.manifest.Manifests.OtherKinds;
import io.margay.model.manifest.Manifests.Result;
import io.margay.model.resource.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final String TIER =
      """
      apiVersion: projectcalico.org/v3
      kind: Tier
      metadata:
        name: security
      """;

  @Test
  void documentsListsAndJsonAreTheSame() {
    String json =
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "projectcalico.org/v3", "kind": "Tier", "metadata": {"name": "security"}},
          {"apiVersion": "projectcalico.org/v3", "kind": "NetworkPolicy", "metadata": {"name": "a"}}
        ]}
        """;
    String yaml =
        "# a comment\n---\n"
            + TIER
            + "---\n"
            + "---\n"
            + "apiVersion: projectcalico.org/v3\n"
            + "kind: NetworkPolicyList\n"
            + "items:\n"
            + "- {apiVersion: projectcalico.org/v3, kind: NetworkPolicy, metadata: {name: a}}\n"
            + "...\n";
    Result fromJson = Manifests.read("a.json", json);
    Result fromYaml = Manifests.read("a.yaml", yaml);
    assertThat(fromJson.problems()).isEmpty();
    assertThat(fromYaml.problems()).isEmpty();
    assertThat(fromYaml.objects()).isEqualTo(fromJson.objects()).hasSize(2);
    assertThat(fromYaml.objects().getLast().key()).hasToString("NetworkPolicy default/a");
  }

  @Test
  void wordsMeanWhatTheyMeanToKubectl() {
    String text =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: a
          annotations: {on: "yes", time: '12:30', big: "1_000"}
        spec:
          hostNetwork: yes
          nodeName: 80:90
          terminationGracePeriodSeconds: 0x10
          priority: 010
          hostname: 2026-01-31
          containers:
          - &c {name: main, ports: [{containerPort: 8_0}]}
          - {<<: *c, name: other}
        """;
    Result result = Manifests.read("a", text);
    assertThat(result.problems()).isEmpty();
    assertThat(result.objects().getFirst().json().get("spec").toString())
        .isEqualTo(
            "{\"hostNetwork\":true,\"nodeName\":\"80:90\",\"terminationGracePeriodSeconds\":16,"
                + "\"priority\":8,\"hostname\":\"2026-01-31\",\"containers\":"
                + "[{\"name\":\"main\",\"ports\":[{\"containerPort\":80}]},"
                + "{\"name\":\"other\",\"ports\":[{\"containerPort\":80}]}]}");
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            "a: [1",
            "f, line 1, column 6: not YAML: while parsing a flow sequence, expected ',' or ']', but"
                + " got <stream end>."),
        Arguments.of(
            TIER + "\tspec: {}",
            "f, line 5, column 1: not YAML: while scanning for the next token, found character"
                + " '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for"
                + " indentation)."),
        Arguments.of(
            TIER + "kind: Tier\n",
            "f, line 5, column 1: the key \"kind\" stands twice; leave one of them out."),
        Arguments.of(
            "{\"a\": 1,\n \"a\": 2}", "f, line 2, column 5: not JSON: Duplicate field 'a'."),
        Arguments.of(
            "{\"a\": ",
            "f, line 1, column 7: not JSON: Unexpected end-of-input within/between Object"
                + " entries."),
        Arguments.of(
            "a: *b",
            "f, line 1, column 4: the alias *b names no finished value; write &b before it."),
        Arguments.of(
            "a: &b [*b]",
            "f, line 1, column 8: the alias *b names no finished value; write &b before it."),
        Arguments.of(
            "a: b\u0000c", "f, line 1, column 5: the control character U+0000; leave it out."),
        Arguments.of(
            "hello", "f, line 1 \"hello\": not an object; write apiVersion, kind, metadata."),
        Arguments.of(
            "- a\n- b",
            "f, line 1 \"[\"a\",\"b\"]\": not an object; write apiVersion, kind, metadata."),
        Arguments.of(
            "{a: b}: c", "f, line 1, column 1: a key is not text; write a name before the colon."),
        Arguments.of(
            "<<: 5", "f, line 1, column 1: << merges what is not a map; write an alias of a map."),
        Arguments.of("a: b", "f, line 1, kind: missing; write one like NetworkPolicy."),
        Arguments.of(
            "kind: ClusterNetworkPolicy",
            "f, line 1, apiVersion: missing; write policy.networking.k8s.io/v1alpha2."),
        Arguments.of(
            "apiVersion: v1\nkind: NetworkPolicy",
            "f, line 1, apiVersion \"v1\": NetworkPolicy is not in it; write networking.k8s.io/v1"
                + " or projectcalico.org/v3."),
        Arguments.of(
            "apiVersion: v1\nkind: Pood",
            "f, line 1, kind \"Pood\": not a kind that Margay keeps; did you mean Pod?"),
        Arguments.of(
            TIER + "---\n" + TIER,
            "f, line 6: Tier security, metadata.name \"security\": the same object stands at f,"
                + " line 1; leave one of them out."),
        Arguments.of(
            TIER + "spec: {order: ten}",
            "f, line 1: Tier security, spec.order \"ten\": not a number; write a number like"
                + " 100."));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void brokenTextIsOneClearProblemWithItsPlace(String text, String problem) {
    Result result = Manifests.read("f", text);
    assertThat(result.problems()).singleElement().hasToString(problem);
    assertThat(result.objects()).isEmpty();
  }

  @Test
  void allProblemsOfAFileAreToldAndNothingOfItIsUsed() {
    String text =
        TIER
            + "---\napiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: A}\n"
            + "spec: {order: x, defaultaction: Pass}\n---\napiVersion: v1\nkind: Deployment\n";
    Result result = Manifests.read("f", text);
    assertThat(result.objects()).isEmpty();
    assertThat(result.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "f, line 6: Tier A, spec.order \"x\": not a number; write a number like 100.",
            "f, line 6: Tier A, spec.defaultaction: unknown field; did you mean defaultAction?",
            "f, line 6: Tier A, metadata.name \"A\": not a name of small letters, digits and -,"
                + " with a letter or digit at both ends; write a.",
            "f, line 11, kind \"Deployment\": not a kind that Margay keeps; known are Namespace,"
                + " Node, Pod, ServiceAccount, Service, EndpointSlice, NetworkPolicy,"
                + " ClusterNetworkPolicy, Tier, GlobalNetworkPolicy, StagedNetworkPolicy,"
                + " StagedGlobalNetworkPolicy, StagedKubernetesNetworkPolicy, NetworkSet,"
                + " GlobalNetworkSet, HostEndpoint, Profile, IPPool, IPReservation,"
                + " IPAMConfiguration, BlockAffinity, IPAMBlock, IPAMHandle, BGPConfiguration,"
                + " BGPPeer, BGPFilter, PolicyAssertion, PolicyRecommendationScope, AgentGroup,"
                + " ToolSet, AgentPolicy, AgentHalt, ToolServer, ModelProvider, Budget, Agent,"
                + " Approval, VirtualMachine, VirtualMachineInstance,"
                + " VirtualMachineInstanceMigration, LiveMigration.");
  }

  @Test
  void otherKindsAreGivenOnRequest() {
    String text = TIER + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
    Result result = Manifests.read("f", text, new Options("prod", OtherKinds.GIVE));
    assertThat(result.problems()).isEmpty();
    assertThat(result.objects()).extracting(KubeObject::kind).containsExactly(Kind.TIER);
    assertThat(result.others())
        .extracting(o -> o.path("kind").asText())
        .containsExactly("Deployment");
  }

  @Test
  void multipliedAliasesEndInAnError() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
    }
    assertThat(Manifests.read("f", bomb.toString()).problems())
        .singleElement()
        .extracting(Problem::reason)
        .isEqualTo("aliases stand for more than 100000 values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "{\"a\":"})
  void deepNestingEndsInAnError(String opening) {
    String text = opening.repeat(100_000);
    assertThat(Manifests.read("f", text).problems()).hasSize(1);
    assertThat(Manifests.read("f", text).problems().getFirst().reason())
        .containsIgnoringCase("nest");
  }

  @Test
  void largeFilesAreReadOrRefusedWithoutHarm() throws IOException {
    String comments = TIER + "spec: {order: 5}\n" + ("# " + "x".repeat(77) + "\n").repeat(250_000);
    assertThat(Manifests.read("f", comments).problems()).isEmpty();

    String json = "{\"apiVersion\": \"%s\"}".formatted("x".repeat(20 << 20));
    assertThat(Manifests.read("f", json).problems()).hasSize(1);

    String line = TIER + "spec: {order: " + "9".repeat(20 << 20) + "}\n";
    assertThat(Manifests.read("f", line).problems())
        .singleElement()
        .hasToString(
            "f, line 5, column 1: the line is longer than 512 KiB; break it, or write JSON.");

    byte[] tooLarge = new byte[Manifests.MAX_BYTES + 1];
    assertThat(Manifests.read("f", new ByteArrayInputStream(tooLarge), Options.STRICT).problems())
        .singleElement()
        .hasToString("f: larger than 64 MiB; split it.");
  }

  @Test
  void tenThousandPoliciesAreRead() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      text.append(
          """
          ---
          apiVersion: projectcalico.org/v3
          kind: NetworkPolicy
          metadata:
            name: policy-%d
            namespace: prod
          spec:
            selector: app == 'web'
            ingress:
            - action: Allow
              protocol: TCP
              source:
                nets: [10.0.0.0/8]
                notNets: [10.1.0.0/16]
              destination:
                ports: [80, 8000:8080]
          """
              .formatted(i));
    }
    Result result = Manifests.read("f", text.toString());
    assertThat(result.problems()).isEmpty();
    assertThat(result.objects()).hasSize(10_000);
  }

  @Test
  void filesThatCannotBeReadAreProblems(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThat(Manifests.read(missing, Options.STRICT).problems())
        .singleElement()
        .hasToString(missing + ": cannot be read: there is no such file.");

    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 1});
    assertThat(Manifests.read(binary, Options.STRICT).problems())
        .singleElement()
        .hasToString(binary + ": not UTF-8 text; save it as UTF-8.");

    Path good = Files.writeString(folder.resolve("good.yaml"), TIER, StandardCharsets.UTF_8);
    assertThat(Manifests.read(good, Options.STRICT).objects()).hasSize(1);
  }
}
