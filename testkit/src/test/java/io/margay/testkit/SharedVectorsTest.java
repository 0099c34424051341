package io.margay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.ConnectivityVector.Step;
import io.margay.model.vector.VectorCluster;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SharedVectorsTest {
  @TestFactory
  Stream<DynamicTest> everySharedVectorIsReadAndEveryPacketHasAddresses() {
    return SharedVectors.tests(
        SharedVectors.connectivityFiles("knp", "cnp", "calico", "boutique"),
        SharedVectorsTest::play);
  }

  private static void play(ConnectivityVector vector) {
    VectorCluster cluster = new VectorCluster(vector);
    cluster.start();
    long expectations = 0;
    for (Step step : vector.steps()) {
      cluster.apply(step);
      expectations +=
          step.expectations()
              .peek(e -> assertThatCode(() -> cluster.packet(e)).doesNotThrowAnyException())
              .count();
    }
    assertThat(expectations).isPositive();
    if (vector.name().contains("unknown-peer")) {
      assertThat(cluster.problems()).extracting("reason").containsOnly("unknown form of peer");
    } else {
      assertThat(cluster.problems()).isEmpty();
    }
  }
}
