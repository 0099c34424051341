package io.margay.app.cli.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.app.Main;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands that read and change resources, against an API server over HTTPS. */
class ResourceCommandsTest {
  private static final String POLICY =
      """
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: web, namespace: shop}
      spec:
        tier: security
        order: 10
        selector: app == 'web'
        ingress:
        - action: Allow
          protocol: TCP
          destination: {ports: [80]}
      """;
  private static final String TIER =
      """
      apiVersion: projectcalico.org/v3
      kind: Tier
      metadata: {name: security}
      spec: {order: 100}
      """;
  private static final String NAMESPACE =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
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

  @Test
  void aPolicyLivesFromApplyToDelete() throws IOException {
    // Deliberately in the wrong order: what others refer to goes first.
    Path file = write("all.yaml", POLICY + "---\n" + TIER + "---\n" + NAMESPACE);
    assertThat(run("apply", "-f", file.toString())).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualTo(
            "namespace shop created\ntier security created\nnetworkpolicy shop/web created\n");

    assertThat(again("apply", "-f", file.toString()))
        .isEqualTo(
            "namespace shop unchanged\ntier security unchanged\nnetworkpolicy shop/web unchanged\n");

    assertThat(
            again(
                "get",
                "np",
                "-n",
                "shop",
                "-o",
                "custom-columns=NAME,TIER,ORDER,SEL:.spec.selector"))
        .isEqualTo("NAME   TIER       ORDER   SEL\nweb    security   10      app == 'web'\n");
    assertThat(again("get", "netpol,np", "-A", "-o", "name")).isEqualTo("networkpolicy/web\n");
    assertThat(again("get", "policy/web", "-n", "shop", "-o", "json"))
        .contains("\"resourceVersion\"")
        .contains("\"projectcalico.org/tier\"");
    assertThat(again("get", "np", "web", "-n", "shop", "-o", "yaml", "--export"))
        .doesNotContain("resourceVersion")
        .contains("selector: app == 'web'");

    assertThat(
            again(
                "patch",
                "np",
                "web",
                "-n",
                "shop",
                "-t",
                "merge",
                "-p",
                "{\"spec\":{\"order\":20}}"))
        .isEqualTo("networkpolicy shop/web patched\n");
    assertThat(
            again(
                "patch",
                "np",
                "web",
                "-n",
                "shop",
                "-t",
                "json",
                "-p",
                "[{\"op\":\"test\",\"path\":\"/spec/order\",\"value\":20},"
                    + "{\"op\":\"replace\",\"path\":\"/spec/order\",\"value\":30}]"))
        .isEqualTo("networkpolicy shop/web patched\n");
    assertThat(again("get", "np", "-n", "shop", "-o", "custom-columns=O:.spec.order"))
        .isEqualTo("O\n30\n");

    assertThat(again("label", "np", "web", "owner=ann", "-n", "shop"))
        .isEqualTo("networkpolicy shop/web labeled\n");
    assertThat(failing("label", "np", "web", "owner=bob", "-n", "shop"))
        .contains("label \"owner\": is \"ann\" already; --overwrite changes it");
    assertThat(again("label", "np", "web", "owner=bob", "-n", "shop", "--overwrite"))
        .contains("labeled");
    assertThat(again("label", "np", "web", "owner-", "-n", "shop")).contains("labeled");

    assertThat(failing("create", "-f", file.toString()))
        .contains("already exists")
        .contains("3 of 3 resources were refused");
    assertThat(again("create", "--skip-exists", "-f", file.toString()))
        .contains("tier security skipped, it exists");
    assertThat(again("replace", "-f", write("p.yaml", POLICY).toString()))
        .isEqualTo("networkpolicy shop/web replaced\n");

    assertThat(again("delete", "-f", file.toString()))
        .isEqualTo(
            "networkpolicy shop/web deleted\ntier security deleted\nnamespace shop deleted\n");
    assertThat(again("delete", "-s", "-f", file.toString()))
        .contains("tier security skipped, it does not exist");
    assertThat(failing("delete", "tier", "security")).contains("security");
    assertThat(failing("get", "np", "web", "-n", "shop"))
        .contains("networkpolicy shop/web: does not exist");
  }

  @Test
  void documentsKeepManagedFieldsToThemselvesUnlessAskedForThem() throws IOException {
    again("apply", "-f", write("tier.yaml", TIER.replace("security", "owned")).toString());
    for (String format : List.of("yaml", "json")) {
      assertThat(again("get", "tier", "owned", "-o", format))
          .contains("resourceVersion")
          .doesNotContain("managedFields");
      assertThat(again("get", "tiers", "-o", format)).doesNotContain("managedFields");
      assertThat(again("get", "tier", "owned", "-o", format, "--show-managed-fields"))
          .contains("managedFields", "f:order");
    }
    assertThat(again("get", "tier", "owned", "-o", "custom-columns=BY:.metadata.managedFields"))
        .as("columns show what they name")
        .contains("f:order");
  }

  @Test
  void nothingOfABadInputIsApplied() throws IOException {
    Path good = write("a.yaml", TIER.replace("security", "good"));
    Path bad = write("b.yaml", TIER.replace("order", "odrer"));
    assertThat(failing("apply", "-f", good.toString(), "-f", bad.toString()))
        .contains("Tier security")
        .contains("spec.odrer")
        .contains("order");
    assertThat(failing("get", "tier", "good")).contains("tier good: does not exist");
  }

  @Test
  void foldersAreReadAndRecursionIsAskedFor() throws IOException {
    write("top.yaml", TIER.replace("security", "top"));
    Files.createDirectory(folder.resolve("below"));
    write("below/deep.yml", TIER.replace("security", "deep"));
    write("notes.txt", "not a manifest");
    assertThat(again("validate", "-f", folder.toString()))
        .endsWith("top.yaml: 1 resource, valid\n");
    assertThat(again("validate", "-R", "-f", folder.toString()).lines()).hasSize(2);
  }

  @Test
  void aFolderCanBeReadButNotWritten() throws IOException {
    write("tier.yaml", TIER);
    assertThat(local("get", "tiers", "--from", folder.toString()).lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("NAME +ORDER +DEFAULTACTION +AGE");
    assertThat(out.toString()).contains("security   100     Deny");
    assertThat(localFailing("delete", "tier", "security", "--from", folder.toString()))
        .contains("changed by editing its files");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          get                             | say what to show: KIND, KIND NAME or -f FILE, one of them
          get widgets                     | kind "widgets": not known; write one of
          get np -o xml                   | -o "xml": write ps, wide, yaml, json, name or custom-columns=…
          get np -o go-template={{.}}     | templates of Go are not supported; use -o custom-columns
          get np -o custom-columns=       | a column is empty
          get tiers -o custom-columns=X   | column "X": not known for Tier; write one of Name, Order
          get tiers -o custom-columns=X:. | path ".": cannot be read
          get np,gnp a                    | names need one kind, not "np,gnp"
          delete np                       | say what to delete: KIND NAME, or -f FILE, one of them
          apply                           | no input: name a file with -f FILE
          apply -f /nonexistent.yaml      | /nonexistent.yaml
          patch tier default -p x         | -p: not JSON
          patch tier default -p []        | -p: a merge patch is an object
          patch tier nope -p {}           | tier nope: does not exist
          label tier default a            | label "a": write KEY=VALUE, or KEY- to remove it
          label tier default nothere-     | label "nothere": the resource does not have it
          """)
  void wrongUseIsExplained(String arguments, String message) {
    assertThat(failing(arguments.split(" "))).contains(message);
  }

  @Test
  void aMissingClusterIsExplained() {
    assertThat(localFailing("get", "np", "--kubeconfig", folder.resolve("none").toString()))
        .contains("there is no such file");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String again(String... args) {
    int code = run(args);
    assertThat(code).as(() -> List.of(args) + "\n" + err).isZero();
    return out.toString();
  }

  private String failing(String... args) {
    int code = run(args);
    assertThat(code).as(() -> List.of(args) + "\n" + out).isEqualTo(1);
    return err.toString();
  }

  private int run(String... args) {
    String[] all = java.util.Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--kubeconfig";
    all[args.length + 1] = server.kubeconfig().toString();
    return execute(args[0].equals("validate") ? args : all);
  }

  private String local(String... args) {
    assertThat(execute(args)).as(() -> List.of(args) + "\n" + err).isZero();
    return out.toString();
  }

  private String localFailing(String... args) {
    assertThat(execute(args)).as(() -> List.of(args) + "\n" + out).isEqualTo(1);
    return err.toString();
  }

  private int execute(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }
}
