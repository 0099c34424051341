package io.margay.app.lab;

import io.margay.app.cli.CommandFailure;
import io.margay.app.state.RunningDemo;
import io.margay.app.state.StateFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Lets one demo run at a time for a user. The kernel gives the lock back when its process ends,
 * however that happens, so nobody ever has to remove a stale one.
 */
public final class DemoLock implements AutoCloseable {
  private final FileChannel channel;

  private DemoLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws CommandFailure if another demo holds it
   */
  public static DemoLock take(StateFolder state) throws IOException {
    Path file = StateFolder.create(state.demo()).resolve("lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw new CommandFailure(
          "a demo is running already"
              + RunningDemo.find(state)
                  .map(demo -> ": process " + demo.pid() + ", page " + demo.console())
                  .orElse("")
              + "; stop it first (Ctrl-C, or kill its process)");
    }
    return new DemoLock(channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
