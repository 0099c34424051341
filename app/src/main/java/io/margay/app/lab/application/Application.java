package io.margay.app.lab.application;

import io.margay.model.manifest.KubeObject;
import java.util.List;

/**
 * What a lab runs.
 *
 * @param objects namespaces, accounts, services and policies, as their author wrote them
 * @param calls who calls whom
 * @param notes what the lab left out of the manifests, a line each
 */
public record Application(
    String name,
    List<KubeObject> objects,
    List<Workload> workloads,
    List<Call> calls,
    List<String> notes) {

  public Application {
    objects = List.copyOf(objects);
    workloads = List.copyOf(workloads);
    calls = List.copyOf(calls);
    notes = List.copyOf(notes);
  }
}
