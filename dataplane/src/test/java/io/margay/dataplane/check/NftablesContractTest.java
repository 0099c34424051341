package io.margay.dataplane.check;

import io.margay.dataplane.InNamespaces;
import io.margay.testkit.SharedVectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Real packets between network namespaces. */
class NftablesContractTest extends DataplaneContract {
  /** The generated truth tables are many and alike: {@code policy test} runs all of them. */
  private static final int ONE_OF = 6;

  @Override
  VectorNetwork open() {
    InNamespaces.needPrivileges();
    return new PacketNetwork();
  }

  @Override
  List<Path> files() {
    List<Path> files =
        new ArrayList<>(SharedVectors.connectivityFiles("cnp", "calico", "boutique"));
    List<Path> tables = SharedVectors.connectivityFiles("knp");
    for (int i = 0; i < tables.size(); i += ONE_OF) {
      files.add(tables.get(i));
    }
    return files;
  }
}
