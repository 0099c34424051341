package io.margay.bench.calc;

import io.margay.bench.JsonLine;
import io.margay.bench.ProcessMemory;
import io.margay.bench.Samples;
import io.margay.bench.calc.CalcWorkload.Work;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.JudgedEndpoint.Point;
import io.margay.policy.table.TableDelta;
import java.lang.ref.Reference;
import java.util.List;

/** Runs one workload in a process of its own, whose memory is all its. Prints one line. */
public final class CalcProcess {
  private static final long WARM_UP_NANOS = 1_500_000_000L;

  private CalcProcess() {}

  /** Argument: the workload's name; the time for the compiler, in milliseconds. */
  public static void main(String[] args) throws Exception {
    CalcWorkload workload =
        CalcWorkload.all().stream()
            .filter(known -> known.name().equals(args[0]))
            .findFirst()
            .orElseThrow();
    System.out.println(
        switch (workload.work()) {
          case Work.Graph graph -> graph(workload, graph, Long.parseLong(args[1]));
          case Work.Labels labels -> labels(workload, labels);
        });
  }

  private static JsonLine graph(CalcWorkload workload, Work.Graph graph, long warmUpMillis)
      throws Exception {
    warmUp(warmUpMillis);
    // Felix's inputs are made before the clock starts, too.
    List<Resource> resources = graph.inputs().resources();
    List<Pod> local = graph.inputs().local();
    PolicyEngine engine = new PolicyEngine(Scope.node(Inputs.HERE));
    long start = System.nanoTime();
    long messages = snapshot(engine, resources);
    double snapshotSeconds = (System.nanoTime() - start) / 1e9;
    long references = governing(engine, local);
    int classes = engine.stats().classes();
    start = System.nanoTime();
    if (graph.deleteLocal()) {
      messages += delete(engine, local);
    }
    double seconds = snapshotSeconds + (System.nanoTime() - start) / 1e9;
    resources = List.of();
    local = List.of();
    double heap = ProcessMemory.liveHeapMegabytes();
    Reference.reachabilityFence(engine);
    return result(workload, seconds, heap)
        .number("entries", messages)
        .number("policyReferences", references)
        .number("classes", classes)
        .number("policies", engine.stats().activePolicies());
  }

  /** The compiler's time: a node computes for days, and Felix's compiler did its work before. */
  private static void warmUp(long millis) {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      for (Inputs small : List.of(new IsolatedCustomers(200), new Snapshot(400, 60, 60))) {
        PolicyEngine engine = new PolicyEngine(Scope.node(Inputs.HERE));
        snapshot(engine, small.resources());
        delete(engine, small.local());
      }
    }
  }

  /** Tells the engine all and reads the difference; how many entries that has. */
  private static long snapshot(PolicyEngine engine, List<Resource> resources) {
    for (Resource resource : resources) {
      engine.apply(new ResourceChange.Upsert(resource));
    }
    engine.apply(new ResourceChange.InSync());
    return entries(engine.flush());
  }

  private static long delete(PolicyEngine engine, List<Pod> local) {
    for (Pod pod : local) {
      engine.apply(new ResourceChange.Removed(pod.key()));
    }
    return entries(engine.flush());
  }

  private static long entries(TableDelta delta) {
    return delta.outcomesSet().size()
        + delta.outcomesRemoved().size()
        + delta.portTablesSet().size()
        + delta.portTablesRemoved().size()
        + delta.groupsSet().size()
        + delta.groupsEdited().size()
        + delta.groupsRemoved().size()
        + delta.classesSet().size()
        + delta.classesRemoved().size()
        + delta.endpointsSet().size()
        + delta.endpointsRemoved().size();
  }

  /** How many policies judge what comes in, summed over the endpoints: the same as Felix's sum. */
  private static long governing(PolicyEngine engine, List<Pod> local) {
    Point ingress = new Point(Direction.INGRESS, Stage.NORMAL);
    return local.stream()
        .map(pod -> EndpointId.pod(pod.metadata().namespace(), pod.metadata().name()))
        .flatMap(id -> engine.governing(id, ingress).stream())
        .mapToLong(tier -> tier.policies().size())
        .sum();
  }

  private static JsonLine labels(CalcWorkload workload, Work.Labels labels) throws Exception {
    Samples micros = new Samples();
    Object last = labels;
    long end = System.nanoTime() + WARM_UP_NANOS;
    // The first half is the compiler's.
    for (boolean timed : new boolean[] {false, true}) {
      do {
        LabelLoad.Run run = labels.load().prepare(labels.size());
        long start = System.nanoTime();
        run.action().run();
        if (timed) {
          micros.add((System.nanoTime() - start) / 1e3 / run.operations());
        }
        last = run.holder();
      } while (System.nanoTime() < end);
      end = System.nanoTime() + WARM_UP_NANOS;
    }
    double heap = ProcessMemory.liveHeapMegabytes();
    Reference.reachabilityFence(last);
    return result(workload, micros.median() / 1e6, heap).number("microseconds", micros.median());
  }

  private static JsonLine result(CalcWorkload workload, double seconds, double heap)
      throws Exception {
    Felix felix = workload.felix();
    double peak = ProcessMemory.peakResidentMegabytes();
    JsonLine line =
        new JsonLine()
            .text("bench", "calc")
            .text("workload", workload.name())
            .number("seconds", seconds)
            .number("heapMB", heap)
            .number("peakResidentMB", peak)
            .number("timeRatio", seconds / felix.seconds());
    if (felix.heapMB() > 0) {
      line.number("heapRatio", heap / felix.heapMB());
    }
    return line.number("peakRatio", peak / felix.peakMB());
  }
}
