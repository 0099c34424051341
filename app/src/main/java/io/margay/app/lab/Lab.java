package io.margay.app.lab;

import io.margay.app.cli.CommandFailure;
import io.margay.app.lab.application.Application;
import io.margay.app.lab.cluster.ClusterPlan;
import io.margay.app.lab.cluster.LabNode;
import io.margay.app.lab.ground.Ground;
import io.margay.app.lab.traffic.Conversation;
import io.margay.app.lab.traffic.Conversations;
import io.margay.app.lab.traffic.Traffic;
import io.margay.app.lab.traffic.TrafficDriver;
import io.margay.app.lab.traffic.VerdictLedger;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.Running;
import io.margay.console.status.NodeReport;
import io.margay.flows.collect.FlowSink;
import io.margay.policy.table.EndpointId;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A running cluster: its nodes' processes, and the application's traffic. */
public final class Lab implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(10);

  /** Two calls a second of each conversation, and fewer of each where there are many. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private static final int MOST_CALLS_PER_SECOND = 200;

  private final ClusterPlan plan;
  private final VerdictLedger ledger = new VerdictLedger();
  private final Running running = new Running();
  private final List<NodeProcess> nodes = new ArrayList<>();

  private Lab(ClusterPlan plan) {
    this.plan = plan;
  }

  /**
   * Starts the nodes, and the traffic once they enforce the policies.
   *
   * @param store holds the cluster's objects already
   * @param flows where each node's flow events go
   * @throws CommandFailure if the nodes do not come to enforce anything
   */
  public static RunningLab start(
      Application application,
      ClusterPlan plan,
      Ground ground,
      ResourceStore store,
      Function<LabNode, FlowSink> flows)
      throws IOException {
    Lab lab = new Lab(plan);
    try {
      lab.startNodes(ground, store, flows);
      lab.awaitEnforcement();
      Traffic traffic = lab.running.add(ground.traffic());
      List<Conversation> conversations = lab.conversations(application);
      Duration pause = pause(conversations.size());
      TrafficDriver driver =
          lab.running.add(TrafficDriver.start(traffic, lab.ledger, conversations, pause));
      return new RunningLab(lab, driver, conversations);
    } catch (IOException | RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  /**
   * A lab with its traffic.
   *
   * @param conversations what is said: first what the application says by itself, then the tries
   *     that its policies forbid
   */
  public record RunningLab(Lab lab, TrafficDriver traffic, List<Conversation> conversations)
      implements AutoCloseable {

    /** One that is worth explaining: a forbidden one if there is any. */
    public Conversation example() {
      return conversations.getLast();
    }

    @Override
    public void close() {
      lab.close();
    }
  }

  private void startNodes(Ground ground, ResourceStore store, Function<LabNode, FlowSink> flows) {
    for (LabNode node : plan.nodes()) {
      NodeProcess process =
          running.add(ground.node(node, flows.apply(node), ledger.node(node.name())));
      process.start(store);
      nodes.add(process);
    }
  }

  /** How each node is. */
  List<NodeReport> reports() {
    return nodes.stream().map(NodeProcess::report).toList();
  }

  /** Sizes of all nodes' tables, by name. */
  Map<String, Long> tableSizes() {
    return sum(NodeProcess::tableSizes);
  }

  /** What all nodes could not report, by reason. */
  Map<String, Long> dropped() {
    return sum(NodeProcess::dropped);
  }

  private Map<String, Long> sum(Function<NodeProcess, Map<String, Long>> figures) {
    Map<String, Long> sums = new LinkedHashMap<>();
    for (NodeProcess node : nodes) {
      figures.apply(node).forEach((name, value) -> sums.merge(name, value, Long::sum));
    }
    return sums;
  }

  private void awaitEnforcement() {
    Instant deadline = Instant.now().plus(START_PATIENCE);
    for (LabNode node : plan.nodes()) {
      Set<EndpointId> pods = plan.endpoints(node);
      while (!ledger.enforces(node.name(), pods)) {
        if (Instant.now().isAfter(deadline)) {
          throw new CommandFailure(
              node.name()
                  + " does not enforce anything after "
                  + START_PATIENCE.toSeconds()
                  + " s");
        }
        pause(POLL);
      }
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted while the nodes were starting", e);
    }
  }

  private List<Conversation> conversations(Application application) {
    List<Conversation> conversations = new ArrayList<>(Conversations.expected(application, plan));
    conversations.addAll(Conversations.forbidden(application, plan, ledger::forbids));
    if (conversations.isEmpty()) {
      throw new CommandFailure(
          "nobody calls anybody: no variable like CART_ADDR names a service, and there is no call"
              + " graph file");
    }
    return conversations;
  }

  private static Duration pause(int conversations) {
    Duration fewest = Duration.ofMillis(conversations * 1_000L / MOST_CALLS_PER_SECOND);
    return fewest.compareTo(PAUSE) > 0 ? fewest : PAUSE;
  }

  @Override
  public void close() {
    running.close();
  }
}
