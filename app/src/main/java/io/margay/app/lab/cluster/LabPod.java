package io.margay.app.lab.cluster;

import io.margay.app.lab.application.Workload;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import java.util.List;

/** A pod of the lab. */
public record LabPod(String name, Workload workload, LabNode node, IpAddress address) {

  public String namespace() {
    return workload.namespace();
  }

  /** The pod as policy sees it. */
  public Pod resource() {
    return new Pod(
        ObjectMeta.of(namespace(), name, workload.labels()),
        new Pod.Spec(
            node.name(),
            workload.serviceAccount(),
            false,
            List.of(new Pod.Container("main", workload.ports()))),
        new Pod.Status("Running", List.of(new Pod.PodIp(address))));
  }

  /** {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace() + "/" + name;
  }
}
