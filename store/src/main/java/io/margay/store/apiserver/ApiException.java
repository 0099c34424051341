package io.margay.store.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.store.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is refused, with what a Kubernetes Status object says about it. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The refusals of the Kubernetes API, by the reason that its clients look at. */
  public enum Reason {
    BAD_REQUEST(400, "BadRequest"),
    UNAUTHORIZED(401, "Unauthorized"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "NotFound"),
    METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
    NOT_ACCEPTABLE(406, "NotAcceptable"),
    ALREADY_EXISTS(409, "AlreadyExists"),
    CONFLICT(409, "Conflict"),
    EXPIRED(410, "Expired"),
    TOO_LARGE(413, "RequestEntityTooLarge"),
    UNSUPPORTED_MEDIA_TYPE(415, "UnsupportedMediaType"),
    INVALID(422, "Invalid"),
    INTERNAL(500, "InternalError"),
    UNAVAILABLE(503, "ServiceUnavailable");

    private final int code;
    private final String text;

    Reason(int code, String text) {
      this.code = code;
      this.text = text;
    }

    public int code() {
      return code;
    }
  }

  /**
   * One of several causes.
   *
   * @param type {@code FieldValueInvalid}, {@code FieldManagerConflict} and the like
   * @param field the path of the field; empty for the whole object
   */
  public record Cause(String type, String message, String field) {}

  /**
   * What was asked about.
   *
   * @param kind the plural, as Kubernetes has it; empty if the refusal is about no resource
   */
  private record Subject(String group, String kind, String name) {
    static final Subject NONE = new Subject("", "", "");
  }

  private final transient Subject subject;
  private final transient List<Cause> causes;
  private final Reason reason;

  public ApiException(Reason reason, String message) {
    this(reason, message, Subject.NONE, List.of(), null);
  }

  private ApiException(
      Reason reason,
      String message,
      Subject subject,
      List<Cause> causes,
      @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.subject = subject;
    this.causes = List.copyOf(causes);
  }

  public static ApiException about(Reason reason, Kind kind, String name, String message) {
    return new ApiException(reason, message, subject(kind, name), List.of(), null);
  }

  public static ApiException withCauses(
      Reason reason, Kind kind, String name, String message, List<Cause> causes) {
    return new ApiException(reason, message, subject(kind, name), causes, null);
  }

  /** What a store refused, said as the API says it. */
  public static ApiException of(StoreException refusal, Kind kind, String name) {
    Reason reason =
        switch (refusal.reason()) {
          case NOT_FOUND -> Reason.NOT_FOUND;
          case ALREADY_EXISTS -> Reason.ALREADY_EXISTS;
          case CONFLICT -> Reason.CONFLICT;
          case INVALID -> Reason.INVALID;
          case FORBIDDEN -> Reason.FORBIDDEN;
          case EXPIRED -> Reason.EXPIRED;
          case UNAVAILABLE -> Reason.UNAVAILABLE;
        };
    return new ApiException(
        reason, String.valueOf(refusal.getMessage()), subject(kind, name), List.of(), refusal);
  }

  private static Subject subject(Kind kind, String name) {
    return new Subject(kind.group(), kind.plural(), name);
  }

  public Reason reason() {
    return reason;
  }

  public List<Cause> causes() {
    return causes;
  }

  /** The Status object for the client. */
  public ObjectNode status() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason.text);
    if (!subject.kind.isEmpty() || !causes.isEmpty()) {
      ObjectNode details = status.putObject("details");
      putIfSet(details, "name", subject.name);
      putIfSet(details, "group", subject.group);
      putIfSet(details, "kind", subject.kind);
      if (!causes.isEmpty()) {
        ArrayNode list = details.putArray("causes");
        for (Cause cause : causes) {
          ObjectNode entry = list.addObject();
          entry.put("reason", cause.type).put("message", cause.message);
          putIfSet(entry, "field", cause.field);
        }
      }
    }
    status.put("code", reason.code);
    return status;
  }

  private static void putIfSet(ObjectNode node, String field, String value) {
    if (!value.isEmpty()) {
      node.put(field, value);
    }
  }
}
