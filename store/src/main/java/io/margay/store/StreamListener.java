package io.margay.store;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import java.util.List;

/** Takes what a {@link ResourceStream} delivers; all calls come from its one thread. */
public interface StreamListener {

  /** The next change, in order. {@code InSync} comes exactly once. */
  void changed(ResourceChange change);

  /**
   * No further change is waiting right now, or many have come without a pause: a good moment to
   * pass on what they add up to.
   */
  default void flush() {}

  /**
   * What is wrong with a stored object. The parts that cannot be read fail closed; the object was
   * delivered all the same.
   *
   * @param problems empty when an object that had problems has none any more, or is gone
   */
  default void problems(ResourceKey key, List<Problem> problems) {}

  /**
   * The source of a kind cannot be reached or read. What was delivered stays valid; the stream
   * tries again by itself.
   */
  default void sourceFailed(Kind kind, StoreException reason) {}

  /** A source that had failed delivers again. */
  default void sourceRecovered(Kind kind) {}
}
