package io.margay.model.resource;

import io.margay.model.net.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * Who has a block, or is about to claim it or to give it up. An index only: the block itself says
 * who owns it.
 */
public record BlockAffinity(ObjectMeta metadata, Spec spec) implements AddressResource {

  @Override
  public Kind kind() {
    return Kind.BLOCK_AFFINITY;
  }

  /** Where in its life an affinity is. */
  public enum State {
    /** Announced: confers nothing. Two owners may have announced the same block. */
    PENDING("pending"),
    CONFIRMED("confirmed"),
    PENDING_DELETION("pendingDeletion");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** The word that the API uses. */
    public String text() {
      return text;
    }
  }

  /**
   * The specification.
   *
   * @param cidr null if it cannot be read
   * @param deleted whether the object only waits for its removal
   */
  public record Spec(BlockOwner owner, @Nullable Cidr cidr, State state, boolean deleted) {}
}
