package io.margay.console.http;

import io.margay.model.manifest.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A request that is not served. The message is for its author. */
public final class HttpFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String reason;
  private final transient List<Problem> problems;
  private final transient Map<String, String> headers;

  private HttpFailure(
      int status, String reason, List<Problem> problems, Map<String, String> headers) {
    super(reason);
    this.status = status;
    this.reason = reason;
    this.problems = List.copyOf(problems);
    this.headers = Map.copyOf(headers);
  }

  /** One thing is wrong. */
  public HttpFailure(int status, String reason) {
    this(status, reason, List.of(new Problem("", "", "", reason, "")), Map.of());
  }

  /** Several things may be wrong. */
  public static HttpFailure of(int status, List<Problem> problems) {
    String all = problems.stream().map(Problem::toString).collect(Collectors.joining(" "));
    return new HttpFailure(status, all, problems, Map.of());
  }

  public static HttpFailure badRequest(String message) {
    return new HttpFailure(400, message);
  }

  public static HttpFailure notFound(String message) {
    return new HttpFailure(404, message);
  }

  static HttpFailure methodNotAllowed(String message, String allowed) {
    return new HttpFailure(405, message).with("Allow", allowed);
  }

  /** The same failure with a header more. */
  public HttpFailure with(String header, String value) {
    return new HttpFailure(status, reason, problems, Map.of(header, value));
  }

  public int status() {
    return status;
  }

  /** What is wrong, and what to do instead. */
  public String reason() {
    return reason;
  }

  /** The same, thing by thing. */
  public List<Problem> problems() {
    return problems;
  }

  Map<String, String> headers() {
    return headers;
  }
}
