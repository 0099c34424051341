package io.margay.dataplane.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.vector.ConnectivityVector;
import io.margay.policy.vector.VectorResult;
import io.margay.testkit.SharedVectors;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * What every dataplane must do: judge the packets of the conformance vectors as they say, trace for
 * trace. A dataplane that differs from another has a bug, or the other has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DataplaneContract {
  private VectorNetwork network;
  private VectorCheck check;

  /** Makes the network, or skips where that is not possible. */
  abstract VectorNetwork open();

  @BeforeAll
  void begin() {
    network = open();
    check = new VectorCheck(network);
  }

  /** The files to check. */
  abstract List<Path> files();

  @TestFactory
  Stream<DynamicTest> vectors() {
    return SharedVectors.tests(files(), this::holds);
  }

  private void holds(ConnectivityVector vector) {
    VectorResult result = check.run(vector);
    assertThat(result.checks()).isNotEmpty();
    if (!result.doubtful()) {
      assertThat(result.failures()).isEmpty();
    }
  }

  @AfterAll
  void close() {
    if (network != null) {
      network.close();
    }
  }
}
