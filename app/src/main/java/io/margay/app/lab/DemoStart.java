package io.margay.app.lab;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ErrorReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Decides on what ground a demo stands, runs it, and ends it when a signal comes. */
public final class DemoStart {
  private static final int CLEANING_SECONDS = 20;

  private final DataplaneChoice choice;
  private final PrintWriter out;

  public DemoStart(DataplaneChoice choice, PrintWriter out) {
    this.choice = choice;
    this.out = out;
  }

  /**
   * Runs the demo.
   *
   * @param settings gives them once it is known whether the dataplane is simulated
   * @return the exit code
   */
  public int run(Function<Boolean, Demo.Settings> settings)
      throws IOException, InterruptedException {
    if (choice == DataplaneChoice.SIMULATED) {
      return run(settings.apply(true));
    }
    Optional<String> lacking = Privileges.lacking();
    if (lacking.isEmpty()) {
      return run(settings.apply(false));
    }
    if (!Privileges.inUserNamespace() && Privileges.userNamespacesPermitted()) {
      out.println(
          "not permitted to make network namespaces (%s): going on as root of a user namespace"
              .formatted(lacking.get()));
      out.flush();
      return Privileges.runAgain();
    }
    if (choice == DataplaneChoice.NFTABLES) {
      throw new CommandFailure(
          "nftables cannot be used here: "
              + lacking.get()
              + "; run as root, or with --dataplane simulated (./margay doctor tells more)");
    }
    out.println("the kernel cannot be used here (" + lacking.get() + "): simulating instead");
    return run(settings.apply(true));
  }

  private int run(Demo.Settings settings) throws IOException, InterruptedException {
    CountDownLatch cleaned = new CountDownLatch(1);
    try (Demo demo = new Demo(settings, out)) {
      // Ctrl-C and kill: the demo ends as if its time were over, and the process after it.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> endWell(demo, cleaned)));
      return demo.run() ? 0 : ErrorReport.FAILED;
    } finally {
      cleaned.countDown();
    }
  }

  private static void endWell(Demo demo, CountDownLatch cleaned) {
    demo.stop();
    try {
      if (!cleaned.await(CLEANING_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("the demo takes too long to end; the kernel cleans up after it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
