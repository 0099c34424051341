package io.margay.bench.ipam;

import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.model.manifest.Manifests;
import io.margay.model.net.IpAddress;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressRequest;
import io.margay.network.ipam.Assignment;
import io.margay.network.ipam.Holding;
import io.margay.store.local.MemoryStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench ipam}: addresses given to many nodes at once. */
@Command(
    name = "ipam",
    description = "Addresses given to many nodes at once from one store in memory.",
    mixinStandardHelpOptions = true)
public final class IpamCommand extends BenchCommand {
  private static final String POOL =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pods}
      spec: {cidr: 10.0.0.0/12}
      """;

  @Option(
      names = "--nodes",
      defaultValue = "200",
      description = "That ask at once; default: ${DEFAULT-VALUE}.")
  private int nodes = 200;

  @Option(
      names = "--each",
      defaultValue = "100",
      description = "Addresses for each node; default: ${DEFAULT-VALUE}.")
  private int each = 100;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    if (nodes < 1 || each < 1 || (long) nodes * each > 100_000) {
      throw new CommandFailure("write --nodes and --each of at least 1, together up to 100000");
    }
    run(); // The first round only warms up.
    print(run());
    return 0;
  }

  private JsonLine run() throws InterruptedException, ExecutionException {
    Set<IpAddress> given = ConcurrentHashMap.newKeySet();
    try (MemoryStore store = new MemoryStore();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Manifests.read("pool", POOL).objects().forEach(store::create);
      long began = System.nanoTime();
      List<Future<Integer>> running = new ArrayList<>();
      for (int n = 0; n < nodes; n++) {
        String node = "node-" + n;
        running.add(threads.submit(() -> fill(store, node, given)));
      }
      int assigned = 0;
      for (Future<Integer> one : running) {
        assigned += one.get();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      return JsonLine.of("ipam", "allocations")
          .number("nodes", nodes)
          .number("allocations", assigned)
          .number("duplicates", assigned - given.size())
          .number("seconds", seconds)
          .number("perSecond", assigned / seconds)
          .number("bar", 2_000);
    }
  }

  /** Asks for one address after another, as a node does for its pods. */
  private int fill(MemoryStore store, String node, Set<IpAddress> given) {
    AddressAllocator allocator =
        new AddressAllocator(store, InstantSource.system(), new Random(node.hashCode()));
    int assigned = 0;
    for (int i = 0; i < each; i++) {
      Assignment assignment = allocator.assign(AddressRequest.workload(node, node + "." + i));
      if (!assignment.isComplete()) {
        throw new CommandFailure(String.join("\n", assignment.shortages()));
      }
      for (Holding holding : assignment.holdings()) {
        given.add(holding.address());
        assigned++;
      }
    }
    return assigned;
  }
}
