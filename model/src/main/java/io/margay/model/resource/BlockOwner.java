package io.margay.model.resource;

/**
 * Who can have blocks of addresses: a node, or a virtual owner such as the services' controller.
 */
public record BlockOwner(Type type, String name) implements Comparable<BlockOwner> {

  /** The owner of the blocks of services' addresses. */
  public static final BlockOwner LOAD_BALANCER = new BlockOwner(Type.VIRTUAL, "load-balancer");

  /** The two kinds of owners. */
  public enum Type {
    HOST("host"),
    VIRTUAL("virtual");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** The word that the API uses. */
    public String text() {
      return text;
    }
  }

  public static BlockOwner node(String name) {
    return new BlockOwner(Type.HOST, name);
  }

  /**
   * Reads {@code host:NODE} or {@code virtual:NAME}.
   *
   * @throws IllegalArgumentException with a message fit for a {@code Problem}
   */
  public static BlockOwner parse(String text) {
    for (Type type : Type.values()) {
      String prefix = type.text + ":";
      if (text.startsWith(prefix) && text.length() > prefix.length()) {
        return new BlockOwner(type, text.substring(prefix.length()));
      }
    }
    throw new IllegalArgumentException("not an owner like host:NODE");
  }

  @Override
  public int compareTo(BlockOwner other) {
    int byType = type.compareTo(other.type);
    return byType != 0 ? byType : name.compareTo(other.name);
  }

  /** {@code host:NODE} or {@code virtual:NAME}. */
  @Override
  public String toString() {
    return type.text + ":" + name;
  }
}
