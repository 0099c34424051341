package io.margay.dataplane.check;

import java.util.List;

/** A network whose nodes enforce policies: real or simulated. */
interface VectorNetwork extends AutoCloseable {
  /** Takes over a cluster as it is now. A cluster that is new begins with empty tables. */
  void update(ClusterState cluster);

  /** Sends packets and watches them; in the order of the probes. */
  List<Observation> observe(List<Probe> probes);

  @Override
  void close();
}
