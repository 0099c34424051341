package io.margay.app.lab;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ErrorReport;
import io.margay.app.process.Foreground;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Function;

/** Decides on what ground a demo stands, and runs it. */
public final class DemoStart {
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
    try (Foreground foreground = Foreground.begin()) {
      return new Demo(settings, foreground, out).run() ? 0 : ErrorReport.FAILED;
    }
  }
}
