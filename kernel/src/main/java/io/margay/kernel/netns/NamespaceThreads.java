package io.margay.kernel.netns;

import io.margay.kernel.KernelException;
import io.margay.kernel.libc.Fd;
import io.margay.kernel.libc.Libc;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform threads that hop into a namespace for one short task and home again. One pool serves
 * all namespaces, so a thousand pods do not need a thousand threads.
 */
final class NamespaceThreads {
  private static final Logger LOG = LoggerFactory.getLogger(NamespaceThreads.class);
  private static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          Thread.ofPlatform()
              .daemon()
              .name("netns-", 0)
              .uncaughtExceptionHandler(NamespaceThreads::ended)
              .factory());

  /** The namespace of the process's first thread, which nothing in this module ever moves. */
  private static final Fd HOME = Libc.open("/proc/self/ns/net", Libc.O_RDONLY);

  private NamespaceThreads() {}

  /** Runs a task inside a namespace on a pool thread and waits for it. */
  static <T extends @Nullable Object, E extends Exception> T callIn(
      Fd namespace, NamespaceTask<T, E> task) throws E {
    return call(() -> Libc.setNetworkNamespace(namespace), task);
  }

  /** Runs a task inside a new namespace on a pool thread and waits for it. */
  static <T extends @Nullable Object, E extends Exception> T callInNew(NamespaceTask<T, E> task)
      throws E {
    return call(() -> Libc.unshare(Libc.CLONE_NEWNET), task);
  }

  private static <T extends @Nullable Object, E extends Exception> T call(
      Runnable enter, NamespaceTask<T, E> task) throws E {
    CompletableFuture<T> result = new CompletableFuture<>();
    POOL.execute(() -> runAndGoHome(enter, task, result));
    return await(result);
  }

  /** Waits for the result of a task and throws what it threw. */
  @SuppressWarnings("unchecked") // a task throws only E and unchecked exceptions
  static <T extends @Nullable Object, E extends Exception> T await(CompletableFuture<T> result)
      throws E {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException e) {
          // Tasks are short. Leaving one alone would orphan the sockets that it opens.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case RuntimeException unchecked -> throw unchecked;
        case null -> throw new IllegalStateException(e);
        case Throwable checked -> throw (E) checked;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T extends @Nullable Object, E extends Exception> void runAndGoHome(
      Runnable enter, NamespaceTask<T, E> task, CompletableFuture<T> result) {
    try {
      enter.run();
    } catch (Throwable e) {
      result.completeExceptionally(e); // still at home
      return;
    }
    CompletableFuture<T> outcome = new CompletableFuture<>();
    try {
      outcome.complete(task.call());
    } catch (Throwable e) {
      outcome.completeExceptionally(e);
    }
    try {
      // Before the answer: an idle thread left behind would keep a deleted namespace alive.
      Libc.setNetworkNamespace(HOME);
    } catch (KernelException e) {
      // Root of a user namespace may leave the first network namespace, but not return to it.
      answer(outcome, result);
      throw new CannotGoHome(e); // ends this thread, so that no other task runs in the wrong place
    }
    answer(outcome, result);
  }

  private static <T extends @Nullable Object> void answer(
      CompletableFuture<T> outcome, CompletableFuture<T> result) {
    outcome.whenComplete((value, failure) -> {
      if (failure == null) {
        result.complete(value);
      } else {
        result.completeExceptionally(failure);
      }
    });
  }

  private static void ended(Thread thread, Throwable reason) {
    if (!(reason instanceof CannotGoHome)) {
      LOG.error("{} ended", thread.getName(), reason);
    }
  }

  /** Ends a pool thread that is in a namespace for good. */
  private static final class CannotGoHome extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotGoHome(KernelException cause) {
      super(cause);
    }
  }
}
