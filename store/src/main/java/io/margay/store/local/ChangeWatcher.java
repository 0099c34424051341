package io.margay.store.local;

import io.margay.store.StoreException;

/**
 * Receives committed writes together with the state before them, which a watch with a selector
 * needs to tell that an object has left its selection. Called on one thread at a time.
 */
public interface ChangeWatcher {
  void changed(Change change);

  /** Nothing was missed up to this version. */
  void bookmark(long resourceVersion);

  /** The watch ended and sends no more. */
  void ended(StoreException reason);
}
