package io.margay.app.lab.machine;

import io.margay.app.cli.CommandFailure;
import io.margay.app.lab.DemoLock;
import io.margay.app.lab.Privileges;
import io.margay.app.process.Foreground;
import io.margay.app.process.Running;
import io.margay.app.state.StateFolder;
import io.margay.model.net.IpAddress;
import io.margay.network.bgp.BgpController;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code margay demo --scenario vm}: a virtual machine changes its node again and again, while one
 * session lasts, probes are answered and what is forbidden is tried all the time.
 */
public final class VmDemo {
  private static final String FIRST_NODE = "172.18.0.10";
  private static final String SECOND_NODE = "172.18.0.11";

  private final Settings settings;
  private final Foreground foreground;
  private final PrintWriter out;

  /**
   * What to run.
   *
   * @param fast whether a namespace stands for the guest
   * @param bgp whether BIRD makes the routes, and not VXLAN
   * @param migrations how many
   * @param report where to write what happened; null for nowhere
   */
  public record Settings(
      boolean fast, boolean bgp, int migrations, @Nullable Path report, StateFolder state) {}

  /**
   * @param foreground stops what the demo starts
   */
  public VmDemo(Settings settings, Foreground foreground, PrintWriter out) {
    this.settings = settings;
    this.foreground = foreground;
    this.out = out;
  }

  /**
   * Runs to the end.
   *
   * @return whether the session lasted, nothing forbidden passed and the address is where it was
   * @throws CommandFailure if the machine lacks what this needs
   */
  public boolean run() throws IOException, InterruptedException {
    Optional<String> lacking = Privileges.lacking();
    if (lacking.isPresent()) {
      throw new CommandFailure("network namespaces cannot be made here: " + lacking.get());
    }
    Path bird = settings.bgp() ? bird() : null;
    Path state = settings.state().root().resolve("vm-demo");
    Optional<GuestImage.Kernel> kernel = settings.fast() ? Optional.empty() : Optional.of(kernel());
    Running running = foreground.running();
    running.add(DemoLock.take(settings.state()));
    StateFolder.remove(state);
    StateFolder.create(state);
    EmbeddedApiServer api =
        running.add(
            EmbeddedApiServer.start(
                new ApiServerConfig(
                    state.resolve("api"), ApiServerConfig.LOOPBACK, 0, List.of(), false)));
    say("API server: %s; kubeconfig %s", api.url(), api.kubeconfig());
    VmCluster cluster = running.add(new VmCluster(api.store(), state, bird));
    cluster.addNode("node-1", IpAddress.parse(FIRST_NODE));
    cluster.addNode("node-2", IpAddress.parse(SECOND_NODE));
    LabMachine machine =
        running.add(
            kernel.isPresent()
                ? new QemuMachine(GuestImage.build(kernel.get(), state), state)
                : new FastMachine(cluster.namespace()));
    say("two nodes with default-deny policies, joined by %s; %s", routes(), machine.kind());

    MachineLife life = running.add(new MachineLife(cluster, machine));
    life.start();
    say("the machine runs on node-1 and answers at %s", life.address());
    for (int i = 1; i <= settings.migrations(); i++) {
      MachineLife.Move move = life.migrate(i);
      say(
          "migration %d, %s to %s: the guest stood still for %s ms, probes were unanswered for"
              + " %s ms, the session %s",
          i,
          move.from(),
          move.to(),
          millis(move.downtimeMillis()),
          millis(move.gapMillis()),
          move.sessionKept() ? "goes on" : "is broken: " + life.sessionFailure());
    }
    VmReport report = life.report(routes(), api.store(), api.kubeconfig().toString());
    summary(report);
    return report.isGood();
  }

  private static Path bird() {
    return BgpController.program()
        .orElseThrow(
            () -> new CommandFailure("--bgp needs BIRD 2: apt-get install bird2, and try again"));
  }

  private GuestImage.Kernel kernel() throws IOException {
    List<Path> roots = List.of(settings.state().guestKernel(), Path.of("/"));
    List<String> lacking = GuestImage.lacking(roots);
    if (!lacking.isEmpty()) {
      throw new CommandFailure(
          "a guest cannot be made here; missing: "
              + String.join(", ", lacking)
              + "; ./margay demo gets them as root. With --fast a namespace stands for the guest");
    }
    return GuestImage.Kernel.find(roots).orElseThrow();
  }

  private String routes() {
    return settings.bgp() ? "BGP" : "VXLAN";
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f", millis);
  }

  private void summary(VmReport report) throws IOException {
    say(
        "%d migrations, the session lasted through %d of them (%d lines); %d forbidden packets"
            + " tried, %d passed",
        report.migrations(),
        report.sessionsKept(),
        report.sessionLines(),
        report.deniedPacketsTried(),
        report.deniedPacketsPassed());
    say(
        "medians: the guest stood still for %s ms, and the network added %s ms; address %s %s, with"
            + " %d owner%s",
        millis(report.hypervisorDowntimeMillis()),
        millis(report.addedGapMillisMedian()),
        report.address(),
        report.addressKept() ? "kept" : "lost",
        report.owners(),
        report.owners() == 1 ? "" : "s");
    if (settings.report() != null) {
      report.write(settings.report());
    }
  }

  private void say(String format, Object... arguments) {
    out.println(format.formatted(arguments));
    out.flush();
  }
}
