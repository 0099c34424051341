package io.margay.bench.cedar;

import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.sun.management.ThreadMXBean;
import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.cedar.Request;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import java.lang.management.ManagementFactory;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./margay bench cedar}. Both sides decide the same requests, which have to come out alike
 * before anything is measured. Each decision is timed by itself, so that the 99th percentile is
 * that of decisions; reading the clock, about 25 ns, is part of every time.
 */
@Command(
    name = "cedar",
    description = {
      "Time of a Cedar decision, in microseconds, beside cedar-java with its caches on.",
      "cedar-java gets a second of decisions for each size, at least three."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CedarCommand extends BenchCommand {
  private static final int WARM_UP = 100_000;
  private static final long WARM_UP_SECONDS = 4;
  private static final int FEWEST = 3;

  /** Requests that both sides decide before anything is measured. */
  private static final int COMPARED = 4;

  private static final long SECOND = 1_000_000_000;

  @Option(
      names = "--policies",
      split = ",",
      defaultValue = "1,10,100,1000,10000",
      description = "Sizes of policy sets; default: ${DEFAULT-VALUE}.")
  private List<Integer> policyCounts;

  @Option(
      names = "--entities",
      split = ",",
      defaultValue = "3,100,10000",
      description = "Sizes of entity stores; default: ${DEFAULT-VALUE}.")
  private List<Integer> entityCounts;

  @Option(
      names = "--decisions",
      defaultValue = "200000",
      description = "Timed decisions of ours for each size; default: ${DEFAULT-VALUE}.")
  private int decisions;

  @Option(names = "--no-baseline", description = "Leaves cedar-java out.")
  private boolean noBaseline;

  private long used;

  @Override
  public Integer call() throws AuthException, CacheException {
    warmUp();
    JsonLine summary = JsonLine.of("cedar", "summary");
    for (int policies : policyCounts) {
      for (int entities : entityCounts) {
        if (policies < 1 || entities < 3 || decisions < 1) {
          throw new CommandFailure("sizes are at least 1 policy, 3 entities and 1 decision");
        }
        progress(policies + " policies, " + entities + " entities");
        measure(new Workload(policies, entities), policies, entities, summary);
      }
    }
    print(summary);
    return 0;
  }

  /**
   * Lets the compiler see every kind of policy first: the smallest sizes have only some, and would
   * be measured while it compiles anew for the next kind.
   */
  private void warmUp() {
    Workload workload = new Workload(400, 300);
    Authorizer authorizer = Authorizer.of(workload.policies());
    Entities entities = workload.entities();
    List<Request> requests = workload.requests();
    long end = System.nanoTime() + WARM_UP_SECONDS * SECOND;
    for (int i = 0; System.nanoTime() < end; i++) {
      keep(authorizer.decide(requests.get(i & requests.size() - 1), entities));
    }
  }

  private void measure(Workload workload, int policies, int entityCount, JsonLine summary)
      throws AuthException, CacheException {
    Authorizer authorizer = Authorizer.of(workload.policies());
    Entities entities = workload.entities();
    List<Request> requests = workload.requests();
    Timings ours = time(authorizer, requests, entities);
    JsonLine line =
        JsonLine.of("cedar", "decision")
            .number("policies", policies)
            .number("entities", entityCount)
            .number("medianMicros", ours.micros(0.5))
            .number("p99Micros", ours.micros(0.99))
            .number("bytesPerDecision", bytesPerDecision(authorizer, requests, entities));
    String size = policies + "x" + entityCount;
    summary.number(size + "MedianMicros", ours.micros(0.5));
    if (!noBaseline) {
      OfficialBinding official = new OfficialBinding(workload);
      check(authorizer, entities, requests, official);
      Timings theirs = time(official, requests.size());
      double ratio = theirs.micros(0.5) / ours.micros(0.5);
      line.number("baselineMedianMicros", theirs.micros(0.5))
          .number("baselineP99Micros", theirs.micros(0.99))
          .number("baselineDecisions", theirs.count())
          .number("timesFaster", ratio);
      summary.number(size + "TimesFaster", ratio);
    }
    print(line);
  }

  private Timings time(Authorizer authorizer, List<Request> requests, Entities entities) {
    int mask = requests.size() - 1;
    long warm = System.nanoTime() + SECOND;
    for (int i = 0; i < WARM_UP || System.nanoTime() < warm; i++) {
      keep(authorizer.decide(requests.get(i & mask), entities));
    }
    Timings timings = new Timings();
    for (int i = 0; i < decisions; i++) {
      Request request = requests.get(i & mask);
      long start = System.nanoTime();
      Decision decision = authorizer.decide(request, entities);
      timings.add(System.nanoTime() - start);
      keep(decision);
    }
    return timings;
  }

  private static Timings time(OfficialBinding official, int requests)
      throws AuthException, CacheException {
    long warm = System.nanoTime() + SECOND / 2;
    for (int i = 0; i == 0 || System.nanoTime() < warm; i++) {
      official.decide(i % requests);
    }
    Timings timings = new Timings();
    long end = System.nanoTime() + SECOND;
    for (int i = 0; i < FEWEST || System.nanoTime() < end; i++) {
      long start = System.nanoTime();
      official.decide(i % requests);
      timings.add(System.nanoTime() - start);
    }
    return timings;
  }

  private static void check(
      Authorizer authorizer, Entities entities, List<Request> requests, OfficialBinding official)
      throws AuthException, CacheException {
    for (int i = 0; i < COMPARED; i++) {
      boolean ours = authorizer.decide(requests.get(i), entities).isAllowed();
      if (ours != official.decide(i)) {
        throw new CommandFailure("the two sides decide differently: " + requests.get(i));
      }
    }
  }

  /** What a decision allocates, the decision itself among it. */
  private long bytesPerDecision(Authorizer authorizer, List<Request> requests, Entities entities) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int rounds = 10_000;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < rounds; i++) {
      keep(authorizer.decide(requests.get(i % requests.size()), entities));
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / rounds;
  }

  /** Uses a decision, so that the compiler cannot leave it out. */
  private void keep(Decision decision) {
    used += decision.reasons().size();
  }
}
