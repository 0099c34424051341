package io.margay.app.lab;

import io.margay.app.lab.application.Application;
import io.margay.app.lab.cluster.ClusterObjects;
import io.margay.app.lab.cluster.ClusterPlan;
import io.margay.app.lab.cluster.LabNode;
import io.margay.app.lab.cluster.LabService;
import io.margay.app.lab.ground.Ground;
import io.margay.app.lab.ground.KernelGround;
import io.margay.app.lab.ground.SimulatedGround;
import io.margay.app.lab.traffic.Conversation;
import io.margay.app.lab.traffic.TrafficDriver.Statistics;
import io.margay.app.process.FlowGathering;
import io.margay.app.process.FlowsProcess;
import io.margay.app.process.Foreground;
import io.margay.app.process.LocalSignIn;
import io.margay.app.process.Running;
import io.margay.app.state.RunningDemo;
import io.margay.app.state.StateFolder;
import io.margay.console.ConsoleConfig;
import io.margay.console.access.Permissions;
import io.margay.console.status.NodeReport;
import io.margay.flows.archive.ArchiveConfig;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowSender;
import io.margay.flows.collect.FlowSink;
import io.margay.flows.history.FlowHistory;
import io.margay.model.manifest.KubeObject;
import io.margay.store.ResourceStore;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The demo from start to end: an API server with the application's objects, a cluster that enforces
 * them, the application's traffic, and the console that shows it.
 */
public final class Demo {
  /** Where the page is unless something else is there already. */
  private static final int USUAL_PORT = 7411;

  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration FLOW_PATIENCE = Duration.ofSeconds(60);
  private static final Duration NEWS = Duration.ofSeconds(30);

  private final Settings settings;
  private final PrintWriter out;
  private final Instant startedAt =
      Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
  private final Foreground foreground;
  private final Running running;

  /** The console asks it for figures; null until it runs. */
  private volatile @Nullable Lab lab;

  /**
   * What to run.
   *
   * @param simulated whether to do without the kernel
   * @param runFor how long; null until somebody stops it
   * @param report where to write what happened; null for nowhere
   * @param consolePort null for the usual one, or another one if that is taken
   */
  public record Settings(
      Application application,
      int nodes,
      boolean simulated,
      @Nullable Duration runFor,
      @Nullable Path report,
      @Nullable Integer consolePort,
      StateFolder state) {}

  /**
   * @param foreground stops what the demo starts, and tells when to end
   */
  public Demo(Settings settings, Foreground foreground, PrintWriter out) {
    this.settings = settings;
    this.foreground = foreground;
    this.running = foreground.running();
    this.out = out;
  }

  /**
   * Runs until the time is over or somebody ends it.
   *
   * @return whether every socket saw what the engine says
   */
  public boolean run() throws IOException, InterruptedException {
    StateFolder state = settings.state();
    running.add(DemoLock.take(state));
    FlowGathering.prepare();
    // Every demo is a new cluster: flows of the last one would only look like this one's.
    StateFolder.remove(flowHistory());
    StateFolder.remove(spools());
    Application application = settings.application();
    ClusterPlan plan = ClusterPlan.of(application, settings.nodes());
    say("%s: %d pods on %d nodes", application.name(), plan.pods().size(), plan.nodes().size());
    application.notes().forEach(note -> say("  %s", note));

    Ground ground =
        running.add(settings.simulated() ? new SimulatedGround() : KernelGround.build(plan));
    ground.publish(StateFolder.create(state.demo().resolve("netns")));
    say("network: %s", networkInWords(ground));

    EmbeddedApiServer api =
        running.add(
            EmbeddedApiServer.start(
                new ApiServerConfig(state.demo(), ApiServerConfig.LOOPBACK, 0, List.of(), false)));
    var objects = ClusterObjects.of(application, plan);
    objects.forEach(object -> put(api.store(), object));
    int policies =
        (int) objects.stream().filter(object -> PolicyKinds.isPolicy(object.kind())).count();
    say(
        "API server: %s, with %d objects, %d of them policies",
        api.url(), objects.size(), policies);

    FlowsProcess flows = running.add(startConsole(ground, api));
    Lab.RunningLab busy =
        running.add(Lab.start(application, plan, ground, api.store(), this::flowSender));
    lab = busy.lab();
    double secondsToFirstFlow = awaitFirstFlow(flows);
    String console = withoutSlash(flows.uri());
    new RunningDemo(ProcessHandle.current().pid(), api.kubeconfig().toString(), console)
        .announce(state);
    running.add(() -> RunningDemo.withdraw(state));
    welcome(api.kubeconfig(), console, flows.link(), busy.example(), secondsToFirstFlow);

    waitForEnd(busy);

    Statistics traffic = busy.traffic().statistics();
    FlowHistory history = flows.flows().history();
    DemoReport report =
        new DemoReport(
            secondsToFirstFlow,
            application.name(),
            ground.dataplane(),
            plan.nodes().size(),
            plan.pods().size(),
            policies,
            traffic.tried(),
            traffic.through(),
            traffic.mismatches(),
            traffic.examples(),
            history.flows().count(),
            DemoReport.denied(history).count(),
            DemoReport.DeniedFlow.longest(history),
            DemoReport.pendingDiffers(history),
            console,
            api.kubeconfig().toString());
    summary(report);
    return report.verdictMismatches() == 0;
  }

  /** An API server has some namespaces and tiers of its own from the start. */
  private static void put(ResourceStore store, KubeObject object) {
    if (store.get(object.key()).isPresent()) {
      store.update(object);
    } else {
      store.create(object);
    }
  }

  private FlowsProcess startConsole(Ground ground, EmbeddedApiServer api) throws IOException {
    Integer wanted = settings.consolePort();
    try {
      return startConsole(ground, api, wanted == null ? USUAL_PORT : wanted);
    } catch (IOException e) {
      if (wanted != null) {
        throw e;
      }
      return startConsole(ground, api, 0);
    }
  }

  private FlowsProcess startConsole(Ground ground, EmbeddedApiServer api, int port)
      throws IOException {
    return FlowsProcess.start(
        new FlowsProcess.Config(
            "demo",
            ground.dataplane(),
            ConsoleConfig.loopback(port),
            // What the demo shows is its own play: whoever is on this machine may look at it.
            new LocalSignIn(
                settings.state().demo(), LocalSignIn.passwords(settings.state()), Permissions.LOOK),
            0,
            FlowGathering.Config.local(
                new FlowAddress.UnixSocket(flowSocket()), ArchiveConfig.in(flowHistory())),
            () -> ofLab(Lab::tableSizes),
            () -> ofLab(Lab::dropped),
            this::nodeReports),
        api.store());
  }

  private Path flowSocket() {
    return settings.state().demo().resolve("flows.sock");
  }

  private Path flowHistory() {
    return settings.state().demo().resolve("history");
  }

  private Path spools() {
    return settings.state().demo().resolve("spool");
  }

  /** Each node sends its flows as it would from a machine of its own. */
  private FlowSink flowSender(LabNode node) {
    Path spool = spools().resolve(node.name());
    try {
      return running.add(
          FlowSender.start(
              new FlowSender.Config(
                  node.name(), new FlowAddress.UnixSocket(flowSocket()), null, spool),
              InstantSource.system()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<NodeReport> nodeReports() {
    Lab now = lab;
    return now == null ? List.of() : now.reports();
  }

  private Map<String, Long> ofLab(Function<Lab, Map<String, Long>> figures) {
    Lab now = lab;
    return now == null ? Map.of() : figures.apply(now);
  }

  private static String withoutSlash(URI uri) {
    String text = uri.toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private String networkInWords(Ground ground) {
    if (settings.simulated()) {
      return "none: the dataplane is simulated, packets are decided in memory";
    }
    return "network namespaces, VXLAN between the nodes, policy by "
        + ground.dataplane()
        + (Privileges.inUserNamespace() ? ", in a user namespace" : "");
  }

  private double awaitFirstFlow(FlowsProcess flows) throws InterruptedException {
    Instant deadline = Instant.now().plus(FLOW_PATIENCE);
    while (flows.flows().history().flows().findAny().isEmpty()) {
      if (Instant.now().isAfter(deadline) || foreground.awaitEnd(POLL)) {
        break;
      }
    }
    return Duration.between(startedAt, Instant.now()).toMillis() / 1_000.0;
  }

  private void waitForEnd(Lab.RunningLab busy) throws InterruptedException {
    Duration runFor = settings.runFor();
    Instant end = runFor == null ? Instant.MAX : startedAt.plus(runFor);
    while (Instant.now().isBefore(end)) {
      Duration rest = runFor == null ? NEWS : Duration.between(Instant.now(), end);
      Duration pause = rest.compareTo(NEWS) < 0 ? rest : NEWS;
      if (foreground.awaitEnd(pause) || !Instant.now().isBefore(end)) {
        return;
      }
      Statistics now = busy.traffic().statistics();
      say(
          "%d calls, %d got through, %d did not; %d otherwise than the engine says",
          now.tried(), now.through(), now.tried() - now.through(), now.mismatches());
    }
  }

  private void welcome(
      Path kubeconfig, String console, Optional<URI> link, Conversation example, double seconds) {
    say("running after %.1f s", seconds);
    say("");
    say("  page        %s/", console);
    link.ifPresent(once -> {
      say("  to change policies there, sign in (once, within 15 minutes):");
      say("              %s", once);
    });
    say("  kubeconfig  %s", kubeconfig);
    say("");
    say("try, in another terminal:");
    LabService.Backend to = example.backends().getFirst();
    say("  ./margay why %s %s:%d", example.from(), to.pod(), to.port());
    say("  ./margay flows --follow");
    say("  kubectl --kubeconfig %s get pods -A -o wide", kubeconfig);
    say("");
    say(
        settings.runFor() == null ? "Ctrl-C ends it." : "It ends after %s s.",
        settings.runFor() == null ? "" : settings.runFor().toSeconds());
  }

  private void summary(DemoReport report) throws IOException {
    say(
        "%d calls tried, %d got through; %d flows, %d of them denied, %d that a staged policy would"
            + " turn; %d calls went otherwise than the engine says",
        report.connectionsTried(),
        report.connectionsThrough(),
        report.flows(),
        report.deniedFlows(),
        report.pendingDiffers(),
        report.verdictMismatches());
    report.mismatches().forEach(mismatch -> say("  %s", mismatch));
    if (settings.report() != null) {
      report.write(settings.report());
    }
  }

  private void say(String format, Object... arguments) {
    out.println(format.formatted(arguments));
    out.flush();
  }
}
