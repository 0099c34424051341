package io.margay.app.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.app.lab.NeedsNamespaces;
import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.Call;
import io.margay.app.lab.application.Workload;
import io.margay.app.lab.traffic.Conversation;
import io.margay.app.lab.traffic.Reach;
import io.margay.app.lab.traffic.SocketTraffic;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Pod;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every pod reaches every other one, on its own node and through the tunnel. */
@NeedsNamespaces
class ClusterNetworkTest {
  private static final int PORT = 8080;
  private static final int PATIENCE_MILLIS = 5_000;

  @ParameterizedTest
  @ValueSource(strings = {"TCP", "UDP"})
  void podsReachEachOther(String protocol) throws IOException {
    Application application =
        new Application(
            "test", List.of(), List.of(workload("a"), workload("b")), List.of(), List.of());
    ClusterPlan plan = ClusterPlan.of(application, 3);
    try (ClusterNetwork network = ClusterNetwork.build(plan);
        SocketTraffic traffic = SocketTraffic.start(network, plan.pods())) {
      for (LabPod from : plan.pods()) {
        for (LabPod to : plan.pods()) {
          if (!to.equals(from)) {
            Conversation conversation = conversation(from, to, Protocol.parse(protocol));
            assertThat(traffic.call(conversation, port -> PATIENCE_MILLIS))
                .as(from + " to " + to)
                .isEqualTo(new Reach.Answered(to.toString()));
          }
        }
      }
    }
  }

  private static Conversation conversation(LabPod from, LabPod to, Protocol protocol) {
    String caller = from.workload().name();
    String service = to.workload().name();
    return new Conversation(
        from,
        new Call("test", caller, "test", service, PORT, protocol, true),
        null,
        List.of(new LabService.Backend(to, PORT)));
  }

  private static Workload workload(String name) {
    return new Workload(
        "Deployment",
        "test",
        name,
        Map.of("app", name),
        "default",
        2,
        false,
        List.of(
            new Pod.ContainerPort("tcp", PORT, Protocol.TCP),
            new Pod.ContainerPort("udp", PORT, Protocol.UDP)),
        Map.of());
  }
}
