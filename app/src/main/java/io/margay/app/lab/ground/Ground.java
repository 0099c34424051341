package io.margay.app.lab.ground;

import io.margay.app.lab.cluster.LabNode;
import io.margay.app.lab.traffic.Traffic;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.TableObserver;
import io.margay.flows.collect.FlowSink;
import java.io.IOException;
import java.nio.file.Path;

/** What a lab stands on. */
public interface Ground extends AutoCloseable {

  /** The dataplane's name, as options and reports write it. */
  String dataplane();

  /** A node's process, not yet started. */
  NodeProcess node(LabNode node, FlowSink flows, TableObserver observer);

  /** Lets the pods listen, and gives the way to make calls between them. */
  Traffic traffic() throws IOException;

  /** Leaves marks in a folder by which a user finds the lab's parts. */
  void publish(Path folder);

  /** Takes everything away. */
  @Override
  void close();
}
