package io.margay.app.vector;

import io.margay.app.cli.CommandFailure;
import io.margay.dataplane.check.PacketChecker;
import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.VectorFormatException;
import io.margay.model.vector.VectorReader;
import io.margay.policy.vector.VectorResult;
import io.margay.policy.vector.VectorRunner;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Function;

/** Plays vector files one after the other, prints what differs, and counts. A file is one test. */
public final class VectorSession implements AutoCloseable {
  private static final int SHOWN_DIFFERENCES = 10;

  private final PrintWriter out;
  private final Function<ConnectivityVector, VectorResult> player;
  private final Runnable end;
  private int passed;
  private int failed;
  private int doubtful;
  private long checks;

  private VectorSession(
      PrintWriter out, Function<ConnectivityVector, VectorResult> player, Runnable end) {
    this.out = out;
    this.player = player;
    this.end = end;
  }

  /** Decides in memory with the decision tables. */
  public static VectorSession inMemory(PrintWriter out) {
    return new VectorSession(out, VectorRunner::run, () -> {});
  }

  /**
   * Sends real packets through nftables.
   *
   * @throws CommandFailure if this machine or user cannot do that
   */
  public static VectorSession withPackets(PrintWriter out) {
    PacketChecker.whyUnavailable()
        .ifPresent(reason -> {
          throw new CommandFailure(
              "packets cannot be sent here: "
                  + reason
                  + "; run as root, or see"
                  + " ./margay doctor");
        });
    PacketChecker checker = new PacketChecker();
    return new VectorSession(out, checker::check, checker::close);
  }

  /** Plays one file. */
  public void play(Path file) {
    try {
      String schema = VectorReader.schema(file);
      switch (schema) {
        case "connectivity/1" -> count(file, player.apply(VectorReader.connectivity(file)));
        case "selectors/1" ->
            count(file, VectorRunner.run(file.toString(), VectorReader.selectors(file)));
        case "calls/1" -> out.println("left out: " + file + ": a call graph is no test");
        case "" -> out.println("left out: " + file + ": it declares no schema, so it is no test");
        default -> fail(file + ", schema \"" + schema + "\": write connectivity/1 or selectors/1");
      }
    } catch (VectorFormatException e) {
      fail(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      fail(file + ": " + e.getMessage());
    }
    out.flush();
  }

  private void fail(String reason) {
    failed++;
    out.println("FAILED " + reason);
  }

  private void count(Path file, VectorResult result) {
    checks += result.checks().size();
    if (result.passed()) {
      passed++;
      return;
    }
    if (result.doubtful()) {
      doubtful++;
      out.println("doubtful, so it does not count: " + file);
    } else {
      failed++;
      out.println("FAILED " + file);
    }
    result.failures().stream()
        .limit(SHOWN_DIFFERENCES)
        .forEach(difference -> out.println("  " + difference));
    int more = result.failures().size() - SHOWN_DIFFERENCES;
    if (more > 0) {
      out.println("  and " + more + " more");
    }
  }

  public int failed() {
    return failed;
  }

  /** Two lines: how much was compared, and {@code N passed, M failed}. */
  public String summary() {
    return "%d checks in %d files%s%n%d passed, %d failed"
        .formatted(
            checks,
            passed + failed + doubtful,
            doubtful == 0 ? "" : ", " + doubtful + " of them doubtful",
            passed,
            failed);
  }

  @Override
  public void close() {
    end.run();
  }
}
