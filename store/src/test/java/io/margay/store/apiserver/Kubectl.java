package io.margay.store.apiserver;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real client, with a home of its own. */
final class Kubectl {
  /** Older ones cannot validate by OpenAPI v3. */
  private static final int VALIDATES_SINCE = 27;

  private final Path home;
  private final Path kubeconfig;
  private final boolean validates;

  private Kubectl(Path home, Path kubeconfig, boolean validates) {
    this.home = home;
    this.kubeconfig = kubeconfig;
    this.validates = validates;
  }

  /** What a run of kubectl came to. */
  record Result(int exit, String output) {}

  /** Skips the test, saying so, if there is no kubectl on the path. */
  static Kubectl orSkip(Path home, Path kubeconfig) throws Exception {
    boolean present =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
    if (!present) {
      String reason = "no kubectl on the path: install kubernetes-client";
      System.err.println("SKIPPED: " + reason);
      abort(reason);
    }
    Files.createDirectories(home);
    Kubectl probe = new Kubectl(home, kubeconfig, true);
    String version = probe.run("version", "--client", "-o", "json").output();
    int minor =
        Integer.parseInt(
            version.replaceAll("(?s).*\"minor\": *\"(\\d+).*", "$1").replaceAll("\\D", ""));
    return new Kubectl(home, kubeconfig, minor >= VALIDATES_SINCE);
  }

  /** Whether this kubectl asks the server to validate. */
  boolean validates() {
    return validates;
  }

  /** The output of a run that must succeed. */
  String ok(String... arguments) throws Exception {
    Result result = run(arguments);
    if (result.exit() != 0) {
      throw new AssertionError(
          "kubectl " + String.join(" ", arguments) + " failed: " + result.output());
    }
    return result.output();
  }

  /** The output of a run that must fail. */
  String refused(String... arguments) throws Exception {
    Result result = run(arguments);
    if (result.exit() == 0) {
      throw new AssertionError(
          "kubectl " + String.join(" ", arguments) + " succeeded: " + result.output());
    }
    return result.output();
  }

  Result run(String... arguments) throws Exception {
    Path output = Files.createTempFile(home, "out", ".txt");
    Process process = start(output, arguments);
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("kubectl " + String.join(" ", arguments) + " hangs");
    }
    return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  Process start(Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    if (!validates && List.of("apply", "create", "replace").contains(arguments[0])) {
      command.add("--validate=false");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("KUBECONFIG", kubeconfig.toString());
    environment.put("HOME", home.toString());
    environment.put("KUBECACHEDIR", home.resolve("cache").toString());
    environment.put("KUBE_EDITOR", "sed -i s/order:.*/order:\\ 77/");
    return builder.start();
  }
}
