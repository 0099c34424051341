package io.margay.cedar.eval;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Frames that wait for the next decision. One for each thread would be one for each virtual thread;
 * here threads share places, and who finds none makes a frame.
 */
final class FramePool {
  private static final int PLACES = 64;

  private final AtomicReferenceArray<@Nullable Frame> places = new AtomicReferenceArray<>(PLACES);

  Frame take() {
    Frame frame = places.getAndSet(place(), null);
    return frame == null ? new Frame() : frame;
  }

  void giveBack(Frame frame) {
    frame.end();
    places.setRelease(place(), frame);
  }

  private static int place() {
    return (int) Thread.currentThread().threadId() & PLACES - 1;
  }
}
