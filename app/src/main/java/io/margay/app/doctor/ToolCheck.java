package io.margay.app.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks for the programs that some commands and the tests use. */
final class ToolCheck {
  private static final Pattern NODE_VERSION = Pattern.compile("v([0-9]+)\\.([0-9]+).*");
  private static final int NODE_MAJOR = 20;
  private static final int NODE_MINOR = 19;
  private static final int PATIENCE_SECONDS = 20;

  private final List<Finding> findings = new ArrayList<>();

  private ToolCheck() {}

  static List<Finding> run() {
    ToolCheck check = new ToolCheck();
    check.java();
    check.userNamespaces();
    check.tool(
        "kubectl",
        "kubernetes-client",
        "not needed to run; the tests call it",
        "version",
        "--client");
    check.tool("bird", "bird2", "margay node --bgp cannot speak BGP", "--version");
    check.tool(
        "qemu-system-x86_64",
        "qemu-system-x86",
        "margay demo --scenario vm needs --fast",
        "--version");
    check.tool("vtysh", "frr", "not needed to run; a test speaks BGP with FRR", "--version");
    check.node();
    check.tool("npm", "npm", "the page cannot be built", "--version");
    check.tool("chromium", "chromium", "the tests of the page are skipped", "--version");
    return check.findings;
  }

  private void java() {
    Runtime.Version version = Runtime.version();
    findings.add(Finding.ok("Java", version + " in " + System.getProperty("java.home")));
  }

  /** What the demo falls back to where it is not root. */
  private void userNamespaces() {
    Optional<Path> unshare = Programs.find("unshare");
    if (unshare.isEmpty()) {
      findings.add(
          Finding.lacking(
              "user namespaces", "unshare is not installed", "apt-get install util-linux"));
      return;
    }
    Optional<String> answer = run(unshare.get(), "--user", "--map-root-user", "echo", "permitted");
    findings.add(
        answer
            .map(text -> Finding.ok("user namespaces", text))
            .orElseGet(() ->
                Finding.lacking(
                    "user namespaces",
                    "not permitted: without root the demo will simulate the dataplane",
                    "sysctl -w user.max_user_namespaces=10000")));
  }

  private void node() {
    Optional<String> version = Programs.find("node").flatMap(node -> run(node, "--version"));
    Matcher matcher = NODE_VERSION.matcher(version.orElse(""));
    if (version.isEmpty()) {
      findings.add(
          Finding.lacking("node", "the page cannot be built", "apt-get install nodejs npm"));
    } else if (!matcher.matches() || !newEnough(matcher)) {
      findings.add(
          Finding.lacking(
              "node",
              version.get() + " is too old to build the page, which needs 20.19",
              "install Node.js 20.19 or later, from nodejs.org or a newer Debian"));
    } else {
      findings.add(Finding.ok("node", version.get()));
    }
  }

  private static boolean newEnough(Matcher version) {
    int major = Integer.parseInt(version.group(1));
    return major > NODE_MAJOR
        || major == NODE_MAJOR && Integer.parseInt(version.group(2)) >= NODE_MINOR;
  }

  private void tool(String name, String debianPackage, String cost, String... versionArguments) {
    findings.add(
        Programs.find(name)
            .map(path -> Finding.ok(name, run(path, versionArguments).orElse(path.toString())))
            .orElseGet(() -> Finding.lacking(name, cost, "apt-get install " + debianPackage)));
  }

  /** The first line that a program prints, if it ends well. */
  private static Optional<String> run(Path program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0 ? output.lines().findFirst() : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
