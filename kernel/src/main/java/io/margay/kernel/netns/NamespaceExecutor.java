package io.margay.kernel.netns;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * One platform thread that stays inside a namespace and runs tasks in the order in which they come:
 * for work that is done there again and again. Closing it lets tasks that wait finish first.
 */
public final class NamespaceExecutor implements Executor, AutoCloseable {
  private final ExecutorService thread;

  NamespaceExecutor(NetworkNamespace namespace, String threadName) {
    thread = Executors.newSingleThreadExecutor(task -> namespace.newThread(threadName, task));
  }

  /**
   * Queues a task.
   *
   * @throws RejectedExecutionException after {@link #close}
   */
  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public void close() {
    thread.close();
  }
}
