package io.margay.agents.gateway;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A whole gateway of its own for each test. */
abstract class OverWholeGateway {
  @TempDir private Path directory;
  WholeGateway gateway;

  @BeforeEach
  void start() throws Exception {
    gateway = new WholeGateway(directory);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }
}
