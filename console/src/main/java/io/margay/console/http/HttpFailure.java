package io.margay.console.http;

/** A request that is not served. The message is for its author. */
public final class HttpFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String reason;

  public HttpFailure(int status, String reason) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }

  public static HttpFailure badRequest(String message) {
    return new HttpFailure(400, message);
  }

  public static HttpFailure notFound(String message) {
    return new HttpFailure(404, message);
  }

  public int status() {
    return status;
  }

  /** What is wrong, and what to do instead. */
  public String reason() {
    return reason;
  }
}
