package io.margay.agents.gateway.http;

import java.util.Map;

/** A request that is refused before its protocol is looked at. The message is for its author. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String reason;
  private final transient Map<String, String> headers;

  public Refusal(int status, String reason) {
    this(status, reason, Map.of());
  }

  public Refusal(int status, String reason, Map<String, String> headers) {
    super(reason, null, false, false);
    this.status = status;
    this.reason = reason;
    this.headers = Map.copyOf(headers);
  }

  public int status() {
    return status;
  }

  public String reason() {
    return reason;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
