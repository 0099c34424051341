package io.margay.network.ipam;

import java.util.function.BooleanSupplier;

/** Compare-and-swap, again and again. */
final class Retry {
  /** As Calico: whoever loses so often is not merely unlucky. */
  static final int TRIES = 100;

  private Retry() {}

  /**
   * @throws IllegalStateException if others were faster every time
   */
  static void untilTrue(String what, BooleanSupplier attempt) {
    for (int i = 0; i < TRIES; i++) {
      if (attempt.getAsBoolean()) {
        return;
      }
    }
    throw new IllegalStateException(
        what + " was changed by others " + TRIES + " times in a row; try again");
  }
}
