package io.margay.store.local;

import java.time.InstantSource;

/** A store that lasts as long as its process: for tests, what-if questions and folders. */
public final class MemoryStore extends LocalStore {
  public MemoryStore() {
    this(InstantSource.system(), REMEMBERED);
  }

  /**
   * @param remembered how many changes of each kind a watch may be behind before it is ended
   */
  public MemoryStore(InstantSource clock, int remembered) {
    super(Journal.NONE, clock, remembered);
  }
}
