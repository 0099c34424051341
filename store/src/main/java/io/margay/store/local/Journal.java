package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import java.util.List;

/** Where a local store keeps its objects beyond the process. Called on one thread at a time. */
interface Journal extends AutoCloseable {

  /** Everything that was committed before this process. */
  Contents load();

  /**
   * Makes the changes durable, all or none; returns only once they would survive a power cut.
   *
   * @param version the resource version of the last change
   * @throws io.margay.store.StoreException UNAVAILABLE if they could not be written
   */
  void commit(List<Change> changes, long version);

  @Override
  void close();

  /** A journal's objects and the version of the last change to any of them. */
  record Contents(List<KubeObject> objects, long version) {}

  /** Remembers nothing. */
  Journal NONE =
      new Journal() {
        @Override
        public Contents load() {
          return new Contents(List.of(), 0);
        }

        @Override
        public void commit(List<Change> changes, long version) {}

        @Override
        public void close() {}
      };
}
