package io.margay.kernel.netns;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

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

  /**
   * Does a task and waits for it. Must not be called by another task of the same executor, which
   * would wait for itself.
   *
   * @throws E what the task throws
   */
  public <T extends @Nullable Object, E extends Exception> T call(NamespaceTask<T, E> task)
      throws E {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.execute(() -> {
      try {
        result.complete(task.call());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    return NamespaceThreads.await(result);
  }

  @Override
  public void close() {
    thread.close();
  }
}
