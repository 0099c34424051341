package io.margay.cedar.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusRunnerTest {
  @TempDir private Path folder;

  private static final String TEST =
      """
      {"policies": "corpus-tests/t.cedar", "schema": "corpus-tests/t.cedarschema",
       "entities": "corpus-tests/t.entities.json", "shouldValidate": %s,
       "requests": [{"description": "one", "principal": {"type": "User", "id": "a"},
         "action": {"type": "Action", "id": "read"}, "resource": {"type": "User", "id": "a"},
         "context": {}, "decision": "%s", "reason": [%s], "errors": [%s]}]}
      """;

  private TestRun run(String policy, String shouldValidate, String decision, String reason)
      throws IOException {
    return run(policy, shouldValidate, decision, reason, "");
  }

  private TestRun run(
      String policy, String shouldValidate, String decision, String reason, String errors)
      throws IOException {
    Path tests = Files.createDirectories(folder.resolve("corpus-tests"));
    Files.writeString(tests.resolve("t.cedar"), policy);
    Files.writeString(
        tests.resolve("t.cedarschema"),
        "entity User = { age?: Long }; action read appliesTo { principal: User, resource: User };");
    Files.writeString(tests.resolve("t.entities.json"), "[]");
    Files.writeString(
        tests.resolve("t.json"), TEST.formatted(shouldValidate, decision, reason, errors));
    CorpusRunner runner = new CorpusRunner(folder);
    List<Path> files = runner.files();
    assertThat(files).hasSize(1);
    return runner.run(files.getFirst());
  }

  @Test
  void whatAgreesPasses() throws IOException {
    TestRun run = run("permit(principal, action, resource);", "true", "allow", "\"policy0\"");

    assertThat(run.failures()).isEmpty();
    assertThat(run.requests()).isEqualTo(1);
  }

  @Test
  void everyDifferenceIsTold() throws IOException {
    TestRun run =
        run(
            "permit(principal, action, resource) when { principal.age > 1 };",
            "true",
            "allow",
            "\"policy0\"");

    assertThat(run.failures())
        .hasSize(4)
        .anySatisfy(f -> assertThat(f).startsWith("should validate, but: "))
        .contains("one: decision should be true, is false")
        .contains("one: reason should be [policy0], is []")
        .contains("one: errors should be [], is [policy0]");
  }

  @Test
  void negativeValidationsAndErrorsCount() throws IOException {
    String policy = "permit(principal, action, resource) when { principal.age > 1 };";

    assertThat(run(policy, "false", "deny", "", "\"policy0\"").failures()).isEmpty();
    assertThat(
            run("permit(principal, action, resource);", "false", "allow", "\"policy0\"").failures())
        .containsExactly("should not validate, but does");
  }

  @Test
  void anInputThatCannotBeReadFailsItsTestOnly() throws IOException {
    assertThat(run("permit(", "true", "deny", "").failures())
        .singleElement()
        .satisfies(f -> assertThat(f).contains("t.cedar:1:8"));
  }

  @Test
  void theOfficialTestsPass() throws IOException {
    Path shared = Path.of(System.getProperty("margay.shared", "../../shared"), "vectors/cedar");
    assumeTrue(Files.isDirectory(shared), () -> "skipped: no vectors in " + shared);
    CorpusRunner runner = new CorpusRunner(shared);

    assertThat(runner.files()).hasSizeGreaterThanOrEqualTo(222);
    assertThat(
            runner.files().stream()
                .map(runner::run)
                .filter(run -> !run.passed())
                .map(run -> run.file() + " " + run.failures())
                .collect(Collectors.joining("\n")))
        .isEmpty();
  }
}
