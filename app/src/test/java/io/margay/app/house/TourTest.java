package io.margay.app.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goes through docs/tour.md line by line, on a demo of its own, and compares what comes out. */
class TourTest {
  private static final Path ROOT = Path.of(System.getProperty("margay.root", ".."));
  private static final Path TOUR = ROOT.resolve("docs/tour.md");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** A line before what each command prints. */
  private static final String MARK = "@@";

  @TempDir Path folder;
  private Process demo;

  /** A command of the document, and the lines that it says come out. */
  private record Step(String command, List<String> expected) {}

  @BeforeEach
  void startDemo() throws IOException {
    Path margay = folder.resolve("margay");
    Files.writeString(
        margay,
        "#!/bin/sh\nexec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED io.margay.app.Main"));
    Files.setPosixFilePermissions(margay, PosixFilePermissions.fromString("rwx------"));
    demo =
        bash("./margay demo --dataplane simulated --console-port 0 --for 20m")
            .redirectOutput(folder.resolve("demo.log").toFile())
            .start();
  }

  @AfterEach
  void stopDemo() throws InterruptedException {
    demo.destroy();
    if (!demo.waitFor(30, TimeUnit.SECONDS)) {
      demo.destroyForcibly().waitFor();
    }
  }

  @Test
  void eachLineDoesWhatTheDocumentSays() throws Exception {
    List<Step> steps = steps();
    assertThat(steps).hasSizeGreaterThan(5);
    Step flows =
        steps.stream().filter(step -> step.command().contains(" flows ")).findFirst().orElseThrow();
    // The tour begins with a call that was denied: until there is one, there is nothing to see.
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> run(flows.command()).contains("Deny"));

    List<List<String>> outputs = runAll(steps);
    for (int i = 0; i < steps.size(); i++) {
      assertThat(matches(steps.get(i).expected(), outputs.get(i)))
          .as(
              "$ %s%nexpected:%n%s%nbut it printed:%n%s",
              steps.get(i).command(),
              String.join("\n", steps.get(i).expected()),
              String.join("\n", outputs.get(i)))
          .isTrue();
    }
  }

  /** All commands in one shell, so that what one sets is there for the next. */
  private List<List<String>> runAll(List<Step> steps) throws Exception {
    StringBuilder script = new StringBuilder("exec 2>&1\nstatus=0\n");
    for (Step step : steps) {
      script.append("echo '").append(MARK).append("'\n(exit $status)\n");
      script.append(step.command()).append("\nstatus=$?\n");
    }
    List<List<String>> outputs = new ArrayList<>();
    for (String line : run(script.toString()).lines().toList()) {
      if (line.equals(MARK)) {
        outputs.add(new ArrayList<>());
      } else {
        outputs.getLast().add(line);
      }
    }
    assertThat(outputs).hasSameSizeAs(steps);
    return outputs;
  }

  private String run(String script) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process = bash(script).redirectOutput(output.toFile()).start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return Files.readString(output);
  }

  private ProcessBuilder bash(String script) {
    String ours =
        script
            .replace("./margay ", folder.resolve("margay") + " ")
            .replace(".margay/", folder.resolve("state") + "/");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", ours).directory(ROOT.toFile()).redirectErrorStream(true);
    builder.environment().put("MARGAY_STATE", folder.resolve("state").toString());
    return builder;
  }

  private static List<Step> steps() throws IOException {
    List<Step> steps = new ArrayList<>();
    boolean inBlock = false;
    for (String line : Files.readAllLines(TOUR, StandardCharsets.UTF_8)) {
      if (line.startsWith("```")) {
        inBlock = line.equals("```console");
      } else if (inBlock && line.startsWith("$ ")) {
        steps.add(new Step(line.substring(2), new ArrayList<>()));
      } else if (inBlock) {
        steps.getLast().expected().add(line);
      }
    }
    return steps;
  }

  /** Whether lines are as expected; {@code ...} stands for any number of lines. */
  private static boolean matches(List<String> expected, List<String> actual) {
    if (expected.isEmpty()) {
      return actual.isEmpty();
    }
    List<String> rest = expected.subList(1, expected.size());
    if (expected.getFirst().equals("...")) {
      for (int skipped = 0; skipped <= actual.size(); skipped++) {
        if (matches(rest, actual.subList(skipped, actual.size()))) {
          return true;
        }
      }
      return false;
    }
    return !actual.isEmpty()
        && plain(expected.getFirst()).equals(plain(actual.getFirst()))
        && matches(rest, actual.subList(1, actual.size()));
  }

  /** Without what differs from run to run, or only lines a table up; exit statuses stay. */
  private static String plain(String line) {
    String spaced = line.strip().replaceAll("\\s+", " ");
    return spaced.matches("\\d") ? spaced : spaced.replaceAll("\\d+", "0");
  }
}
