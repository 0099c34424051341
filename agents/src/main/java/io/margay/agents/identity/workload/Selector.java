package io.margay.agents.identity.workload;

/** What a process has to be to get an identity; written as in SPIRE. */
public sealed interface Selector {

  /** {@code unix:uid:1000}. */
  record Uid(int uid) implements Selector {}

  /** {@code unix:gid:1000}: the primary group. */
  record Gid(int gid) implements Selector {}

  /** {@code unix:pid:4711}: one process, for tests and launchers. */
  record Pid(int pid) implements Selector {}

  /** {@code unix:path:/usr/bin/agent}: the program that it runs. */
  record Executable(String path) implements Selector {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with what to write instead
   */
  static Selector parse(String text) {
    String[] parts = text.split(":", 3);
    if (parts.length == 3 && parts[0].equals("unix")) {
      switch (parts[1]) {
        case "uid":
          return new Uid(number(text, parts[2]));
        case "gid":
          return new Gid(number(text, parts[2]));
        case "pid":
          return new Pid(number(text, parts[2]));
        case "path":
          if (parts[2].startsWith("/")) {
            return new Executable(parts[2]);
          }
          break;
        default:
          break;
      }
    }
    throw new IllegalArgumentException(
        "selector \""
            + text
            + "\": write unix:uid:N, unix:gid:N, unix:pid:N or unix:path:/absolute/path");
  }

  private static int number(String text, String digits) {
    try {
      return Integer.parseUnsignedInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "selector \"" + text + "\": \"" + digits + "\" is not a number", e);
    }
  }
}
