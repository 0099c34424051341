package io.margay.agents.identity.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process at the other end of a Unix socket, as the kernel knows it (SO_PEERCRED).
 *
 * @param executable path of the program that it runs; empty if that cannot be seen
 * @param started when it started, in clock ticks since boot: a later process may have the same pid
 */
record Peer(int pid, int uid, int gid, Optional<String> executable, long started) {

  /** Field of {@code /proc/PID/stat}, counted from the one after the name. */
  private static final int START_TIME = 19;

  /**
   * Looks the process up.
   *
   * @throws IOException if it is gone
   */
  static Peer of(int pid, int uid, int gid) throws IOException {
    long started = startTime(pid);
    Optional<String> executable;
    try {
      executable = Optional.of(Files.readSymbolicLink(proc(pid).resolve("exe")).toString());
    } catch (IOException e) {
      // Of another user and we are not root: the selectors that ask for it do not match.
      executable = Optional.empty();
    }
    return new Peer(pid, uid, gid, executable, started);
  }

  /** Whether the process that connected is still the one with this pid, running what it ran. */
  boolean isStillThere() {
    try {
      return of(pid, uid, gid).equals(this);
    } catch (IOException e) {
      return false;
    }
  }

  private static long startTime(int pid) throws IOException {
    String stat = Files.readString(proc(pid).resolve("stat"));
    // The name is in parentheses and may hold anything, parentheses and blanks, too.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    try {
      return Long.parseLong(fields[START_TIME]);
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new IOException("/proc/" + pid + "/stat cannot be read", e);
    }
  }

  private static Path proc(int pid) {
    return Path.of("/proc", String.valueOf(pid));
  }
}
