package io.margay.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.app.Main;
import io.margay.testkit.SharedVectors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PolicyTestCommandTest {
  private static final String VECTOR =
      """
      {"schema": "connectivity/1", "name": "one", "set": "margay",
       "namespaces": [{"name": "a", "labels": {}}],
       "nodes": [{"name": "n", "labels": {}, "addresses": []}],
       "pods": [
         {"ns": "a", "name": "x", "labels": {}, "ips": ["10.0.0.1"], "node": "n", "ports": []},
         {"ns": "a", "name": "y", "labels": {}, "ips": ["10.0.0.2"], "node": "n", "ports": []}],
       "policies": [{"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
         "metadata": {"name": "closed", "namespace": "a"},
         "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}],
       "steps": [{"name": "s", "expect": [{"from": {"ns": "a", "pod": "x"},
         "to": {"ns": "a", "pod": "y"}, "protocol": "TCP", "port": 80, "verdict": "%s"}]}]}
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void whatAgreesPasses() throws IOException {
    write("v.json", VECTOR.formatted("deny"));
    assertThat(run(folder.toString())).isZero();
    assertThat(out.toString().lines().toList()).last().isEqualTo("1 passed, 0 failed");
  }

  @Test
  void aDifferenceFailsAndNamesThePolicy() throws IOException {
    write("v.json", VECTOR.formatted("allow"));
    assertThat(run(folder.resolve("v.json").toString())).isEqualTo(1);
    assertThat(out.toString()).contains("a/x -> a/y TCP 80").contains("expected ALLOW");
    assertThat(out.toString().lines().toList()).last().isEqualTo("0 passed, 1 failed");
  }

  @Test
  void doubtfulExpectationsDoNotCount() throws IOException {
    write(
        "v.json",
        VECTOR.formatted("allow").replace("\"set\"", "\"doubtful\": \"who knows\", \"set\""));
    assertThat(run(folder.toString())).isZero();
    assertThat(out.toString()).contains("doubtful");
    assertThat(out.toString().lines().toList()).last().isEqualTo("0 passed, 0 failed");
  }

  @Test
  void whatIsNoTestIsLeftOutAndWhatIsBrokenFails() throws IOException {
    write("calls.json", "{\"schema\": \"calls/1\"}");
    write("other.json", "{}");
    write("new.json", "{\"schema\": \"connectivity/9\"}");
    write("broken.json", "{");
    write("half.json", "{\"schema\": \"connectivity/1\"}");
    assertThat(run(folder.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("calls.json: a call graph is no test")
        .contains("other.json: it declares no schema")
        .contains("write connectivity/1 or selectors/1")
        .contains("broken.json")
        .contains("half.json");
    assertThat(out.toString().lines().toList()).last().isEqualTo("0 passed, 3 failed");
  }

  @Test
  void whatIsNotThereIsToldInOneLine() {
    assertThat(run(folder.resolve("missing").toString())).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("no such file");
  }

  @Test
  void selectorsArePlayed() {
    assertThat(run(SharedVectors.selectorsFile().toString())).isZero();
    assertThat(out.toString().lines().toList()).last().isEqualTo("1 passed, 0 failed");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private int run(String path) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute("policy", "test", path);
  }
}
