package io.margay.app.process;

import io.margay.policy.table.TableDelta;

/**
 * Learns which decision tables a node enforces. While {@link #applying} has been called and {@link
 * #applied} has not, a packet may be judged by the tables before or by those after.
 */
public interface TableObserver {
  /** For processes whose tables nobody watches. */
  TableObserver NOBODY =
      new TableObserver() {
        @Override
        public void applying(TableDelta delta) {}

        @Override
        public void applied() {}
      };

  /** The dataplane is about to take over a difference. */
  void applying(TableDelta delta);

  /** The dataplane enforces everything that was told. Not called when it refused. */
  void applied();
}
