package io.margay.app.lab.traffic;

import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.Call;
import io.margay.app.lab.application.Workload;
import io.margay.app.lab.cluster.ClusterPlan;
import io.margay.app.lab.cluster.LabPod;
import io.margay.app.lab.cluster.LabService;
import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.model.resource.Service.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Turns the calls of an application into pods that call services. */
public final class Conversations {
  /** How many calls are tried that the application does not make. */
  private static final int FORBIDDEN_TRIES = 8;

  private Conversations() {}

  /** The application's own calls; each pod of a caller makes them. */
  public static List<Conversation> expected(Application application, ClusterPlan plan) {
    return application.calls().stream().flatMap(call -> resolve(call, plan)).toList();
  }

  /**
   * A few calls that the application does not make and that the policies forbid, by as many
   * different callers as there are.
   *
   * @param forbidden whether the policies forbid a conversation
   */
  public static List<Conversation> forbidden(
      Application application, ClusterPlan plan, Predicate<Conversation> forbidden) {
    List<Conversation> chosen = new ArrayList<>();
    List<Workload> callers = application.workloads();
    int services = plan.services().size();
    for (int round = 0; round < services && chosen.size() < FORBIDDEN_TRIES; round++) {
      for (int caller = 0; caller < callers.size(); caller++) {
        // Each caller begins with another service, so that not all try the same one.
        LabService service = plan.services().get((caller + round) % services);
        one(application, plan, callers.get(caller), service)
            .filter(forbidden)
            .limit(FORBIDDEN_TRIES - chosen.size())
            .forEach(chosen::add);
      }
    }
    return chosen;
  }

  /** The first pod of a caller trying the first port of a service that it has no business with. */
  private static Stream<Conversation> one(
      Application application, ClusterPlan plan, Workload caller, LabService service) {
    boolean known =
        application.calls().stream()
            .anyMatch(call ->
                call.fromNamespace().equals(caller.namespace())
                    && call.from().equals(caller.name())
                    && call.serviceNamespace().equals(service.namespace())
                    && call.service().equals(service.name()));
    boolean itself =
        service.pods().stream()
            .anyMatch(pod ->
                pod.namespace().equals(caller.namespace())
                    && pod.workload().name().equals(caller.name()));
    if (known || itself || service.service().spec().ports().isEmpty()) {
      return Stream.empty();
    }
    ServicePort port = service.service().spec().ports().getFirst();
    Call call =
        new Call(
            caller.namespace(),
            caller.name(),
            service.namespace(),
            service.name(),
            port.port(),
            port.protocol(),
            false);
    return resolve(call, plan).limit(1);
  }

  private static Stream<Conversation> resolve(Call call, ClusterPlan plan) {
    LabService service =
        plan.service(call.serviceNamespace(), call.service())
            .orElseThrow(() -> new IllegalStateException("no service for " + call));
    List<Backend> backends =
        service.port(call.port(), call.protocol()).map(service::backends).orElse(List.of());
    if (backends.isEmpty()) {
      return Stream.empty();
    }
    List<LabPod> callers = plan.podsOf(call.fromNamespace(), call.from());
    return callers.stream()
        .map(pod -> new Conversation(pod, call, service.clusterAddress(), backends));
  }
}
