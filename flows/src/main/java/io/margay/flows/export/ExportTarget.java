package io.margay.flows.export;

import java.io.IOException;
import java.util.List;

/** A system that takes flows. Called from one thread. */
public interface ExportTarget extends AutoCloseable {
  /** Where it is, for messages. */
  String name();

  /**
   * Hands flows over for good.
   *
   * @return how many of them the system did not want, and never will
   * @throws IOException if they should be tried again
   */
  int send(List<ExportedFlow> flows) throws IOException, InterruptedException;

  @Override
  void close();
}
