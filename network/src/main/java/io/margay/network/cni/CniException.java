package io.margay.network.cni;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A call that failed, with a code of the CNI specification. The message is fit for a user. */
public final class CniException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Code code;
  private final String details;

  /** What went wrong, as the specification numbers it; from 100 on the numbers are ours. */
  public enum Code {
    INCOMPATIBLE_VERSION(1),
    UNKNOWN_CONTAINER(3),
    INVALID_ENVIRONMENT(4),
    IO_FAILURE(5),
    UNREADABLE(6),
    INVALID_CONFIGURATION(7),
    TRY_AGAIN_LATER(11),
    NOT_AVAILABLE(50),
    NO_ADDRESS(100),
    CHECK_FAILED(101),
    INTERNAL(102);

    private final int number;

    Code(int number) {
      this.number = number;
    }

    /** The number that the runtime reads. */
    public int number() {
      return number;
    }
  }

  public CniException(Code code, String message) {
    this(code, message, "");
  }

  /**
   * @param details more lines for who looks closer; may be empty
   */
  public CniException(Code code, String message, String details) {
    super(message);
    this.code = code;
    this.details = details;
  }

  public CniException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.details = "";
  }

  public Code code() {
    return code;
  }

  /** The error as the specification writes it. */
  public ObjectNode json(String cniVersion) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cniVersion", cniVersion);
    json.put("code", code.number());
    json.put("msg", getMessage());
    if (!details.isEmpty()) {
      json.put("details", details);
    }
    return json;
  }
}
