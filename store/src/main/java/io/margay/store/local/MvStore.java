package io.margay.store.local;

import io.margay.store.StoreException;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A store in one file: what was answered with success survives a crash at any moment. When the disk
 * is full, writes are refused as UNAVAILABLE and reads go on; once there is room again, so do
 * writes.
 */
public final class MvStore extends LocalStore {

  /**
   * Opens or makes the file.
   *
   * @throws StoreException UNAVAILABLE if it cannot be opened or another process has it open
   */
  public MvStore(Path file) {
    this(file, InstantSource.system());
  }

  public MvStore(Path file, InstantSource clock) {
    super(new MvJournal(file), clock, REMEMBERED);
  }
}
