package io.margay.kernel.netns;

/**
 * Work to do inside a network namespace.
 *
 * @param <T> what it gives
 * @param <E> what it may throw; the caller gets it as it was thrown
 */
@FunctionalInterface
public interface NamespaceTask<T, E extends Exception> {
  T call() throws E;

  /**
   * The same for work that gives nothing.
   *
   * @param <E> what it may throw
   */
  @FunctionalInterface
  interface Action<E extends Exception> {
    void run() throws E;
  }
}
