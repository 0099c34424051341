package io.margay.dataplane.check;

import io.margay.testkit.SharedVectors;
import java.nio.file.Path;
import java.util.List;

class SimulatedContractTest extends DataplaneContract {
  @Override
  VectorNetwork open() {
    return new SimulatedNetwork();
  }

  @Override
  List<Path> files() {
    return SharedVectors.connectivityFiles("cnp", "knp", "calico", "boutique");
  }
}
