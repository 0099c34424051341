package io.margay.store.apiserver.registry;

/**
 * How a write is meant.
 *
 * @param manager the name under which the writer owns what it writes
 * @param part what of the object the write is about
 * @param unknownFields what becomes of fields that no schema knows
 * @param dryRun answer as if it had been written, but write nothing
 */
public record WriteOptions(String manager, Part part, UnknownFields unknownFields, boolean dryRun) {

  /** The part of an object that one address of the API stands for. */
  public enum Part {
    /** Everything but the status; a new object may bring its first status along. */
    OBJECT,
    /** The status only. */
    STATUS,
    /** Object and status: writes of the platform itself. */
    EVERYTHING;

    public String subresource() {
      return this == STATUS ? "status" : "";
    }
  }

  /** The three field validations of Kubernetes. */
  public enum UnknownFields {
    /** They are dropped. */
    IGNORE,
    /** They are dropped, and the writer is warned. */
    WARN,
    /** The write is refused. */
    STRICT
  }
}
