package io.margay.app.cli.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.margay.app.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CedarCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeFiles() throws IOException {
    write(
        "schema.cedarschema",
        """
        entity Group;
        entity Agent in [Group] = { risk: String };
        entity File = { path: String };
        action ask appliesTo { principal: Agent, resource: File, context: { depth: Long } };
        @kernel action readFile appliesTo { principal: Agent, resource: File };
        """);
    write(
        "p.cedar",
        """
        // Kept.
        permit(principal in Group::"g", action == Action::"ask", resource) when { context.depth <= 3 };
        permit(principal, action == Action::"readFile", resource) when { resource.path like "/w/*" };
        """);
    write(
        "entities.json",
        """
        [{"uid": {"type": "Agent", "id": "a"}, "attrs": {"risk": "low"},
          "parents": [{"type": "Group", "id": "g"}]}]\
        """);
    write("context.json", "{\"depth\": 3}");
  }

  private String write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return file.toString();
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] all = new String[args.length + 1];
    all[0] = "cedar";
    System.arraycopy(args, 0, all, 1, args.length);
    return command.execute(all);
  }

  private int authorize(String principal, String... more) {
    String[] args =
        new String[] {
          "authorize",
          "-p",
          file("p.cedar"),
          "-s",
          file("schema.cedarschema"),
          "--entities",
          file("entities.json"),
          "-l",
          principal,
          "-a",
          "Action::\"ask\"",
          "-r",
          "File::\"f\"",
          "-c",
          file("context.json")
        };
    String[] all = new String[args.length + more.length];
    System.arraycopy(args, 0, all, 0, args.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return run(all);
  }

  @Test
  void theExitCodeOfAuthorizeIsTheDecision() {
    assertThat(authorize("Agent::\"a\"", "--verbose")).isZero();
    assertThat(out.toString()).startsWith("ALLOW").contains("policy0");
    assertThat(authorize("Agent::\"stranger\"")).isEqualTo(2);
    assertThat(out.toString().trim()).isEqualTo("DENY");
    assertThat(authorize("Agnt::\"a\"")).isEqualTo(1);
    assertThat(err.toString()).contains("no entity type Agnt; did you mean Agent?");
  }

  @Test
  void authorizeReadsTheWholeRequestFromOneFile() throws IOException {
    String request =
        write(
            "r.json",
            """
            {"principal": "Agent::\\"a\\"", "action": "Action::\\"ask\\"",
             "resource": {"type": "File", "id": "f"}, "context": {"depth": 4}}\
            """);

    int exit =
        run(
            "authorize",
            "-p",
            file("p.cedar"),
            "--entities",
            file("entities.json"),
            "--request-json",
            request,
            "-o",
            "json");

    assertThat(exit).isEqualTo(2);
    assertThat(json().path("decision").asText()).isEqualTo("deny");
  }

  private JsonNode json() {
    try {
      return new ObjectMapper().readTree(out.toString());
    } catch (IOException e) {
      throw new AssertionError(out.toString(), e);
    }
  }

  @Test
  void templatesAreLinkedFromTheirFile() throws IOException {
    String template = write("t.cedar", "permit(principal == ?principal, action, resource);");
    String links =
        write(
            "links.json",
            """
            [{"template_id": "policy0", "link_id": "l",
              "args": {"?principal": "Agent::\\"a\\""}}]\
            """);

    int exit =
        run(
            "authorize",
            "-p",
            template,
            "-k",
            links,
            "-l",
            "Agent::\"a\"",
            "-a",
            "Action::\"ask\"",
            "-r",
            "File::\"f\"",
            "-v");

    assertThat(exit).isZero();
    assertThat(out.toString()).contains("  l");
  }

  @Test
  void validateTellsEveryProblemAndExitsWithThree() throws IOException {
    String bad =
        write("bad.cedar", "permit(principal, action, resource) when { principal.rsk == \"x\" };");

    assertThat(run("validate", "-p", bad, "-s", file("schema.cedarschema"))).isEqualTo(3);
    assertThat(out.toString()).contains("bad.cedar:1:44").contains("did you mean risk?");
    assertThat(run("validate", "-p", bad, "-s", file("schema.cedarschema"), "-o", "json"))
        .isEqualTo(3);
    assertThat(json().path("errors").path(0).path("kind").asText()).isEqualTo("unknown_attribute");
    assertThat(run("validate", "-p", file("p.cedar"), "-s", file("schema.cedarschema"))).isZero();
  }

  @Test
  void schemasAndPoliciesAreTranslatedThereAndBack() throws IOException {
    assertThat(run("translate", "--direction", "cedar-to-json", "-s", file("schema.cedarschema")))
        .isZero();
    String schema = write("schema.json", out.toString());
    assertThat(run("translate", "--direction", "cedar-to-json", "-p", file("p.cedar"))).isZero();
    String policies = write("p.json", out.toString());

    int exit =
        run(
            "validate",
            "-p",
            policies,
            "--policy-format",
            "json",
            "-s",
            schema,
            "--schema-format",
            "json");

    assertThat(exit).isZero();
    assertThat(run("translate", "--direction", "json-to-cedar", "-s", schema)).isZero();
    assertThat(out.toString()).contains("entity Agent in [Group]").contains("@kernel");
  }

  @Test
  void formatWritesBackAndKeepsComments() {
    assertThat(run("format", "-p", file("p.cedar"), "--check")).isEqualTo(1);
    assertThat(run("format", "-p", file("p.cedar"), "--write")).isZero();
    assertThat(run("format", "-p", file("p.cedar"), "--check")).isZero();
    assertThat(run("format", "-p", file("p.cedar"))).isZero();
    assertThat(out.toString()).startsWith("// Kept.");
  }

  @Test
  void analyzeShowsARequestWhereSetsDiffer() throws IOException {
    String changed =
        write(
            "changed.cedar",
            "permit(principal in Group::\"g\", action == Action::\"ask\", resource)"
                + " when { context.depth <= 2 };");
    String recorded =
        write(
            "recorded.json",
            """
            [{"principal": "Agent::\\"a\\"", "action": "Action::\\"ask\\"",
              "resource": "File::\\"f\\"", "context": {"depth": 3}}]\
            """);

    int exit =
        run(
            "analyze",
            "-p",
            file("p.cedar"),
            "-s",
            file("schema.cedarschema"),
            "--compare-with",
            changed,
            "--requests",
            recorded,
            "--entities",
            file("entities.json"));

    assertThat(exit).isEqualTo(3);
    assertThat(out.toString())
        .contains("the policy sets differ: ")
        .contains("request 1 ")
        .contains("ALLOW becomes DENY")
        .contains("1 recorded requests flip");
  }

  @Test
  void coverageTellsWhereAndWhyNot() {
    int exit =
        run(
            "coverage",
            "-p",
            file("p.cedar"),
            "-s",
            file("schema.cedarschema"),
            "-l",
            "Agent::\"a\"",
            "--entities",
            file("entities.json"));

    assertThat(exit).isZero();
    assertThat(out.toString())
        .contains("policy0: gateway, none of its actions is kernel-enforced")
        .contains("policy1: kernel, the kernel enforces it exactly")
        .contains("allow path beneath \"/w/\" (policy1), by landlock or lsm");
  }

  @Test
  void testPrintsTheCountsLast() throws IOException {
    Path tests = Files.createDirectories(folder.resolve("tests"));
    Files.writeString(
        tests.resolve("1.json"),
        """
        {"policies": "p.cedar", "schema": "schema.cedarschema", "entities": "entities.json",
         "shouldValidate": true, "requests": [{"description": "d",
           "principal": {"type": "Agent", "id": "a"}, "action": {"type": "Action", "id": "ask"},
           "resource": {"type": "File", "id": "f"}, "context": {"depth": 9},
           "decision": "allow", "reason": [], "errors": []}]}\
        """);

    assertThat(run("test", folder.toString())).isEqualTo(1);
    assertThat(out.toString().lines().toList().getLast()).isEqualTo("0 passed, 1 failed");
    assertThat(out.toString()).contains("d: decision should be true, is false");
  }

  @Test
  void aFileThatCannotBeReadIsOneErrorInOneLine() throws IOException {
    String bad = write("bad.cedar", "permit(principal, action resource);");

    assertThat(run("validate", "-p", bad, "-s", file("schema.cedarschema"))).isEqualTo(1);
    assertThat(err.toString()).startsWith("error: ").contains("bad.cedar:1:");
    assertThat(run("validate", "-p", file("none.cedar"), "-s", file("schema.cedarschema")))
        .isEqualTo(1);
    assertThat(err.toString()).contains("none.cedar: there is no such file");
  }
}
