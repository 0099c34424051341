package io.margay.app.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.app.Main;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EnforceCommandTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: main, image: x}]}
      status: {phase: Running, podIPs: [{ip: 10.244.0.1}]}
      """;

  private static final String STAGED =
      """
      apiVersion: projectcalico.org/v3
      kind: StagedNetworkPolicy
      metadata: {name: web, namespace: shop, labels: {owner: me}}
      spec:
        stagedAction: Learn
        order: 7
        selector: app == 'web'
      """;

  private static final String KUBERNETES =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec: {podSelector: {}}
      """;

  private static final String DELETION =
      """
      apiVersion: projectcalico.org/v3
      kind: %s
      metadata: {name: web, namespace: shop}
      spec: {stagedAction: Delete}
      """;

  @TempDir static Path serverFolder;
  private static EmbeddedApiServer server;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void startServer() {
    server = EmbeddedApiServer.start(ApiServerConfig.local(serverFolder));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("flows.json"), "");
    apply(CLUSTER);
    run("delete", "np", "web", "-n", "shop", "-s");
    run("delete", "snp", "web", "-n", "shop", "-s");
    run("delete", "sgnp", "web", "-s");
  }

  @Test
  void theStagedPolicyIsEnforcedAndGone() throws IOException {
    apply(STAGED);

    assertThat(enforce("", "web", "--yes")).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains("allowed -> denied")
        .endsWith("StagedNetworkPolicy shop/web is enforced now.\n");
    assertThat(run("get", "np", "web", "-n", "shop", "-o", "yaml")).isZero();
    assertThat(out.toString()).contains("owner: me", "order: 7").doesNotContain("stagedAction");
    assertThat(run("get", "snp", "web", "-n", "shop")).isEqualTo(1);
  }

  @Test
  void nothingIsEnforcedUnlessSomebodySaysYes() throws IOException {
    apply(STAGED);
    for (String answer : List.of("", "n\n", "\n", "yes please\n")) {
      assertThat(enforce(answer, "snp/web")).as(err.toString()).isEqualTo(3);
      assertThat(out.toString()).contains("Enforce StagedNetworkPolicy shop/web? [y/N] ");
      assertThat(run("get", "snp", "web", "-n", "shop")).isZero();
      assertThat(run("get", "np", "web", "-n", "shop")).isEqualTo(1);
    }
    assertThat(enforce("y\n", "web")).as(err.toString()).isZero();
    assertThat(run("get", "np", "web", "-n", "shop")).isZero();
  }

  @Test
  void aStagedDeletionDeletesTheEnforcedPolicy() throws IOException {
    apply(STAGED.replace("Staged", "").replace("  stagedAction: Learn\n", ""));
    apply(STAGED);
    apply(DELETION.formatted("StagedNetworkPolicy"));
    deletes("np", "snp");

    apply(STAGED.replace("Staged", "").replace("  stagedAction: Learn\n", ""));
    apply(STAGED);
    assertThat(
            run(
                "patch",
                "snp",
                "web",
                "-n",
                "shop",
                "-t",
                "merge",
                "-p",
                "{\"spec\": {\"stagedAction\": \"Delete\", \"order\": null, \"selector\": null}}"))
        .as(err.toString())
        .isZero();
    deletes("np", "snp");

    apply(KUBERNETES);
    apply(DELETION.formatted("StagedKubernetesNetworkPolicy"));
    deletes("knp", "sknp");
  }

  private void deletes(String enforced, String staged) {
    assertThat(run("get", staged, "web", "-n", "shop", "-o", "yaml")).isZero();
    assertThat(out.toString()).contains("stagedAction: Delete").doesNotContain("ypes:");

    assertThat(enforce("", staged + "/web", "--yes")).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains("denied -> allowed")
        .endsWith("shop/web is enforced now.\n");
    assertThat(run("get", enforced, "web", "-n", "shop")).isEqualTo(1);
    assertThat(run("get", staged, "web", "-n", "shop")).isEqualTo(1);
  }

  @Test
  void aStagedDeletionOfNothingIsRefusedAndStays() throws IOException {
    apply(DELETION.formatted("StagedNetworkPolicy"));
    assertThat(enforce("", "web", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("networkpolicy shop/web does not exist");
    assertThat(run("get", "snp", "web", "-n", "shop")).isZero();
  }

  @Test
  void badInputIsOneClearError() throws IOException {
    assertThat(enforce("", "web", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no staged policy web in namespace shop");
    assertThat(enforce("", "np/web", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("is not staged");
    apply(STAGED.replace("Learn", "Ignore"));
    assertThat(enforce("", "web", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("is dismissed (stagedAction Ignore)");
    apply(
        STAGED
            .replace("StagedNetworkPolicy", "StagedGlobalNetworkPolicy")
            .replace("namespace: shop, ", ""));
    assertThat(enforce("", "web", "--yes")).isEqualTo(1);
    assertThat(err.toString()).contains("write KIND/NAME");
    assertThat(enforce("")).isEqualTo(2);
  }

  private void apply(String yaml) throws IOException {
    Path file = folder.resolve("all.yaml");
    Files.writeString(file, yaml);
    assertThat(run("apply", "-f", file.toString())).as(err.toString()).isZero();
  }

  private int enforce(String answer, String... arguments) {
    List<String> all = new ArrayList<>(List.of("policy", "enforce", "-n", "shop"));
    all.addAll(List.of("--flows", folder.resolve("flows.json").toString()));
    all.addAll(List.of(arguments));
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
    try {
      return run(all.toArray(new String[0]));
    } finally {
      System.setIn(before);
    }
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kubeconfig", server.kubeconfig().toString()));
    return line.execute(all.toArray(new String[0]));
  }
}
