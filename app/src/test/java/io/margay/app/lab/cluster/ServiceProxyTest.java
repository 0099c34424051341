package io.margay.app.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.app.lab.NeedsNamespaces;
import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.ApplicationReader;
import io.margay.app.lab.traffic.Conversation;
import io.margay.app.lab.traffic.Conversations;
import io.margay.app.lab.traffic.Reach;
import io.margay.app.lab.traffic.SocketTraffic;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The bundled application's calls all arrive, by way of its services. */
@NeedsNamespaces
class ServiceProxyTest {
  private static final int PATIENCE_MILLIS = 5_000;

  @Test
  void everyCallReachesAPodOfItsService() throws IOException {
    Application shop = ApplicationReader.bundled();
    ClusterPlan plan = ClusterPlan.of(shop, 2);
    assertThat(shop.notes()).isEmpty();
    assertThat(shop.calls()).hasSize(14);
    try (ClusterNetwork network = ClusterNetwork.build(plan)) {
      ServiceProxy.program(plan, network);
      try (SocketTraffic traffic = SocketTraffic.start(network, plan.pods())) {
        for (Conversation conversation : Conversations.expected(shop, plan)) {
          assertThat(traffic.call(conversation, port -> PATIENCE_MILLIS))
              .as(conversation.toString())
              .isIn(
                  conversation.backends().stream()
                      .map(backend -> new Reach.Answered(backend.pod().toString()))
                      .toArray());
        }
      }
    }
  }
}
