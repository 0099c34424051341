package io.margay.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.Manifests.Options;
import io.margay.model.manifest.Manifests.OtherKinds;
import io.margay.model.manifest.Manifests.Result;
import io.margay.model.manifest.Problem;
import io.margay.model.schema.Defaults;
import io.margay.model.schema.Validator;
import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.ConnectivityVector.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The objects of the vectors are real ones, so the strict reading must take them as they are. */
class VectorObjectsTest {
  /** Vectors about objects that an API server refuses, but that may be stored all the same. */
  private static final Set<String> REFUSED =
      Set.of(
          "derived-unknown-peer-fails-closed",
          "match-dest-nets-host-part",
          "bare-addresses-in-nets",
          "cluster-policy-unknown-peer-in-pass",
          "kubernetes-policy-unreadable-block",
          "unreadable-rules");

  @TestFactory
  Stream<DynamicTest> sharedObjectsAreValid() {
    return SharedVectors.tests(
        SharedVectors.connectivityFiles("knp", "cnp", "calico", "boutique"),
        VectorObjectsTest::check);
  }

  @TestFactory
  Stream<DynamicTest> ownObjectsAreValid() {
    return SharedVectors.tests(SharedVectors.ownFiles(), VectorObjectsTest::check);
  }

  private static void check(ConnectivityVector vector) {
    List<Problem> problems =
        Stream.concat(
                vector.start().stream(),
                vector.steps().stream().map(Step::apply).flatMap(List::stream))
            .flatMap(object -> Validator.validate(object).stream())
            .toList();
    if (REFUSED.contains(vector.name())) {
      assertThat(problems).isNotEmpty();
    } else {
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void theManifestsOfARealApplicationAreRead() {
    Path boutique = SharedVectors.root().resolve("boutique");
    for (String name : List.of("manifests.yaml", "policies.yaml")) {
      Result result =
          Manifests.read(boutique.resolve(name), new Options("default", OtherKinds.GIVE));
      assertThat(result.problems()).isEmpty();
      assertThat(result.objects()).isNotEmpty();
      for (KubeObject object : result.objects()) {
        Defaults.apply(object.kind(), object.json());
        assertThat(Validator.validate(object)).isEmpty();
      }
    }
  }
}
