package io.margay.bench.node;

import io.margay.app.process.NodeProcess;
import io.margay.app.process.TableObserver;
import io.margay.bench.JsonLine;
import io.margay.bench.ProcessMemory;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.policy.table.TableDelta;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A node's process, started in a made-up cluster. Prints one line. */
public final class NodeStart {
  private static final int MOST_MINUTES = 20;

  private NodeStart() {}

  /** Arguments: endpoints, policies, seconds to run before memory is read. */
  public static void main(String[] args) throws Exception {
    GeneratedCluster cluster =
        new GeneratedCluster(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    CountDownLatch programmed = new CountDownLatch(1);
    long start = System.nanoTime();
    try (NetworkNamespace namespace = NetworkNamespace.create();
        NodeProcess node =
            NodeProcess.nftables(
                NftablesConfig.defaults(GeneratedCluster.NODE),
                namespace,
                event -> {},
                onceApplied(programmed))) {
      node.start(cluster);
      if (!programmed.await(MOST_MINUTES, TimeUnit.MINUTES)) {
        throw new IllegalStateException("not programmed within " + MOST_MINUTES + " minutes");
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      TimeUnit.SECONDS.sleep(Integer.parseInt(args[2]));
      long resident = ProcessMemory.residentMegabytes();
      Map<String, Long> sizes = node.tableSizes();
      System.out.println(
          JsonLine.of("node", "start")
              .number("endpoints", cluster.endpoints())
              .number("policies", sizes.getOrDefault("policies", 0L))
              .number("classes", sizes.getOrDefault("classes", 0L))
              .number("portTables", sizes.getOrDefault("port_tables", 0L))
              .number("secondsToProgrammed", seconds)
              .number("residentMB", resident)
              .number("peakResidentMB", ProcessMemory.peakResidentMegabytes())
              .number("liveHeapMB", ProcessMemory.liveHeapMegabytes()));
    }
  }

  private static TableObserver onceApplied(CountDownLatch programmed) {
    return new TableObserver() {
      @Override
      public void applying(TableDelta delta) {}

      @Override
      public void applied() {
        programmed.countDown();
      }
    };
  }
}
