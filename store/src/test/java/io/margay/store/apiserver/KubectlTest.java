package io.margay.store.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that people use, with the kubectl that is on the path. */
final class KubectlTest {
  @TempDir static Path directory;

  private static EmbeddedApiServer server;
  private static Kubectl kubectl;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedApiServer.start(ApiServerConfig.local(directory.resolve("data")));
    kubectl = Kubectl.orSkip(directory.resolve("home"), server.kubeconfig());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void listsTheKinds() throws Exception {
    assertThat(kubectl.ok("api-resources"))
        .contains("projectcalico.org/v3")
        .containsPattern("tiers +projectcalico.org/v3 +false +Tier")
        .containsPattern("clusternetworkpolicies +cnp +policy.networking.k8s.io/v1alpha2")
        .containsPattern("networkpolicies +netpol +networking.k8s.io/v1 +true +NetworkPolicy");
    assertThat(kubectl.ok("get", "ns")).contains("default").contains("kube-system");
    assertThat(kubectl.ok("get", "--raw", "/readyz")).isEqualTo("ok");
  }

  @Test
  void explainsFields() throws Exception {
    assumeTrue(kubectl.validates(), "explain by OpenAPI v3 needs a newer kubectl");
    assertThat(kubectl.ok("explain", "tiers.spec"))
        .contains("KIND:       Tier")
        .contains("VERSION:    v3")
        .contains("defaultAction")
        .contains("order");
    assertThat(kubectl.ok("explain", "networkpolicies.projectcalico.org.spec.ingress.action"))
        .contains("Allow");
  }

  @Test
  void appliesAndApplyAgainChangesNothing() throws Exception {
    Path file =
        manifest(
            "apply",
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: applied}
            ---
            apiVersion: projectcalico.org/v3
            kind: Tier
            metadata: {name: applied}
            spec: {order: 200, defaultAction: Pass}
            ---
            apiVersion: projectcalico.org/v3
            kind: NetworkPolicy
            metadata: {name: web, namespace: applied}
            spec:
              tier: applied
              order: 10
              selector: app == 'web'
              ingress:
                - {action: Allow, protocol: TCP, destination: {ports: [80]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: applied}
            spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
            """);
    assertThat(kubectl.ok("apply", "-f", file.toString()).lines())
        .hasSize(4)
        .allMatch(line -> line.endsWith(" created"));
    assertThat(kubectl.ok("apply", "-f", file.toString()).lines())
        .allMatch(line -> line.endsWith(" unchanged"));
    assertThat(kubectl.ok("diff", "-f", file.toString())).isEmpty();

    assertThat(
            kubectl.ok("get", "networkpolicies.projectcalico.org", "-n", "applied", "-o", "wide"))
        .containsPattern("NAME +TIER +ORDER +AGE +SELECTOR +TYPES")
        .containsPattern("web +applied +10 +\\S+ +app == 'web' +Ingress");
    assertThat(
            kubectl.ok(
                "get", "networkpolicies.projectcalico.org/web", "-n", "applied", "-o", "yaml"))
        .contains("order: 10")
        .contains("uid: ")
        .contains("projectcalico.org/tier: applied");

    Path changed = manifest("changed", Files.readString(file).replace("port: 80}", "port: 81}"));
    assertThat(kubectl.refused("diff", "-f", changed.toString())).contains("+    port: 81");
    assertThat(kubectl.ok("apply", "-f", changed.toString())).contains("service/web configured");
    assertThat(
            kubectl.ok("get", "svc/web", "-n", "applied", "-o", "jsonpath={.spec.ports[*].port}"))
        .isEqualTo("81");

    assertThat(kubectl.refused("delete", "tier", "applied")).contains("NetworkPolicy applied/web");
    kubectl.ok("delete", "ns", "applied");
    kubectl.ok("delete", "tier", "applied");
    assertThat(kubectl.refused("get", "tier", "applied")).contains("NotFound");
  }

  @Test
  void appliesOnTheServer() throws Exception {
    Path file = manifest("ssa", tier("ssa", 10));
    assertThat(kubectl.ok("apply", "--server-side", "-f", file.toString()))
        .contains("serverside-applied");
    Path other = manifest("ssa-other", tier("ssa", 20));
    assertThat(
            kubectl.refused(
                "apply", "--server-side", "--field-manager=other", "-f", other.toString()))
        .contains("conflict with \"kubectl\"")
        .contains(".spec.order");
    kubectl.ok(
        "apply",
        "--server-side",
        "--field-manager=other",
        "--force-conflicts",
        "-f",
        other.toString());
    assertThat(order("ssa")).isEqualTo("20");
  }

  @Test
  void patchesLabelsAndEdits() throws Exception {
    kubectl.ok("create", "-f", manifest("patched", tier("patched", 1)).toString());
    kubectl.ok("label", "tier", "patched", "team=a");
    assertThat(kubectl.ok("get", "tiers", "-l", "team=a", "-o", "name"))
        .isEqualToIgnoringNewLines("tier.projectcalico.org/patched");
    kubectl.ok("patch", "tier", "patched", "--type=merge", "-p", "{\"spec\":{\"order\":2}}");
    assertThat(order("patched")).isEqualTo("2");
    kubectl.ok(
        "patch",
        "tier",
        "patched",
        "--type=json",
        "-p",
        "[{\"op\":\"replace\",\"path\":\"/spec/order\",\"value\":3}]");
    assertThat(order("patched")).isEqualTo("3");
    kubectl.ok("edit", "tier", "patched");
    assertThat(order("patched")).isEqualTo("77");

    kubectl.ok("create", "sa", "patched");
    kubectl.ok("patch", "sa", "patched", "-p", "{\"imagePullSecrets\":[{\"name\":\"one\"}]}");
    kubectl.ok("patch", "sa", "patched", "-p", "{\"imagePullSecrets\":[{\"name\":\"two\"}]}");
    assertThat(kubectl.ok("get", "sa", "patched", "-o", "jsonpath={.imagePullSecrets[*].name}"))
        .isIn("one two", "two one");
  }

  @Test
  void anEditOfAnOldVersionConflicts() throws Exception {
    kubectl.ok("create", "-f", manifest("old", tier("old", 1)).toString());
    Path read = manifest("old-read", kubectl.ok("get", "tier", "old", "-o", "yaml"));
    kubectl.ok("label", "tier", "old", "changed=meanwhile");
    assertThat(kubectl.refused("replace", "-f", read.toString()))
        .contains("Conflict")
        .contains("read it again");
  }

  @Test
  void refusesWhatIsWrong() throws Exception {
    Path unknown = manifest("unknown", tier("unknown", 1).replace("order", "ordr"));
    if (kubectl.validates()) {
      assertThat(kubectl.refused("apply", "-f", unknown.toString()))
          .contains("spec.ordr")
          .contains("did you mean order?");
    }
    Path wrong = manifest("wrong", tier("wrong", 1).replace("Pass", "Maybe"));
    assertThat(kubectl.refused("apply", "-f", wrong.toString())).contains("spec.defaultAction");
    Path kind = manifest("kind", tier("kind", 1).replace("Tier", "Teir"));
    assertThat(kubectl.refused("apply", "-f", kind.toString())).contains("Teir");
    assertThat(kubectl.ok("get", "tiers", "-o", "name"))
        .doesNotContain("unknown")
        .doesNotContain("wrong");
  }

  @Test
  void createsWhatItSendsInItsOwnFormat() throws Exception {
    kubectl.ok("create", "namespace", "made");
    kubectl.ok("create", "service", "clusterip", "web", "--tcp=80:8080", "-n", "made");
    assertThat(
            kubectl.ok(
                "get", "svc/web", "-n", "made", "-o", "jsonpath={.spec.ports[0].targetPort}"))
        .isEqualTo("8080");
    assertThat(kubectl.ok("auth", "can-i", "create", "tiers")).contains("yes");
  }

  @Test
  void watches() throws Exception {
    Path output = directory.resolve("watch.txt");
    Process watch = kubectl.start(output, "get", "tiers", "-w");
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(output).contains("kube-baseline"));
      kubectl.ok("create", "-f", manifest("watched", tier("watched", 41)).toString());
      kubectl.ok("patch", "tier", "watched", "--type=merge", "-p", "{\"spec\":{\"order\":42}}");
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(Files.readString(output))
                  .containsPattern("watched +41")
                  .containsPattern("watched +42"));
    } finally {
      watch.destroy();
    }
  }

  private static String order(String tier) throws Exception {
    return kubectl.ok("get", "tier", tier, "-o", "jsonpath={.spec.order}");
  }

  private static String tier(String name, int order) {
    return """
    apiVersion: projectcalico.org/v3
    kind: Tier
    metadata: {name: %s}
    spec: {order: %d, defaultAction: Pass}
    """
        .formatted(name, order);
  }

  private static Path manifest(String name, String yaml) throws Exception {
    return Files.writeString(directory.resolve(name + ".yaml"), yaml);
  }
}
