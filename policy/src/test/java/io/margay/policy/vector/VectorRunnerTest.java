package io.margay.policy.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.vector.VectorReader;
import io.margay.testkit.SharedVectors;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class VectorRunnerTest {

  @TestFactory
  Stream<DynamicTest> sharedVectors() {
    return tests(SharedVectors.connectivityFiles("knp", "cnp", "calico", "boutique"));
  }

  @TestFactory
  Stream<DynamicTest> ownVectors() {
    return tests(SharedVectors.ownFiles());
  }

  @Test
  void sharedSelectors() {
    VectorResult result =
        VectorRunner.run("selectors", VectorReader.selectors(SharedVectors.selectorsFile()));

    assertThat(result.checks()).hasSizeGreaterThan(100);
    assertThat(result.failures()).isEmpty();
  }

  private static Stream<DynamicTest> tests(List<Path> files) {
    return SharedVectors.tests(
        files,
        vector -> {
          VectorResult result = VectorRunner.run(vector);
          assertThat(result.checks()).isNotEmpty();
          assertThat(result.failures()).isEmpty();
        });
  }
}
