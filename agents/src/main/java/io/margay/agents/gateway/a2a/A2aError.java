package io.margay.agents.gateway.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is answered instead of a result, in both bindings. */
final class A2aError extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final transient ObjectNode details;

  /** Errors by their codes in JSON-RPC, their HTTP status, and their gRPC names. */
  enum Kind {
    PARSE(-32700, 400, "INVALID_ARGUMENT", "PARSE_ERROR"),
    INVALID_REQUEST(-32600, 400, "INVALID_ARGUMENT", "INVALID_REQUEST"),
    METHOD_NOT_FOUND(-32601, 404, "NOT_FOUND", "METHOD_NOT_FOUND"),
    INVALID_PARAMS(-32602, 400, "INVALID_ARGUMENT", "INVALID_PARAMS"),
    INTERNAL(-32603, 500, "INTERNAL", "INTERNAL_ERROR"),
    UNAVAILABLE(-32603, 503, "UNAVAILABLE", "UNAVAILABLE"),
    TASK_NOT_FOUND(-32001, 404, "NOT_FOUND", "TASK_NOT_FOUND"),
    VERSION_NOT_SUPPORTED(-32009, 400, "UNIMPLEMENTED", "VERSION_NOT_SUPPORTED"),
    /** Ours: the protocol leaves authorization errors to the server. */
    DENIED(-32050, 403, "PERMISSION_DENIED", "POLICY_DENIED");

    private final int code;
    private final int status;
    private final String grpc;
    private final String reason;

    Kind(int code, int status, String grpc, String reason) {
      this.code = code;
      this.status = status;
      this.grpc = grpc;
      this.reason = reason;
    }
  }

  A2aError(Kind kind, String message) {
    this(kind, message, JsonNodeFactory.instance.objectNode());
  }

  A2aError(Kind kind, String message, ObjectNode details) {
    super(message, null, false, false);
    this.kind = kind;
    this.details = details;
  }

  /** Whether the message itself is refused, before anything was decided about it. */
  boolean isOfProtocol() {
    return switch (kind) {
      case PARSE, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, VERSION_NOT_SUPPORTED -> true;
      case INTERNAL, UNAVAILABLE, TASK_NOT_FOUND, DENIED -> false;
    };
  }

  int status() {
    return kind.status;
  }

  ObjectNode jsonRpc(JsonNode id) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    answer.set("id", id.isMissingNode() ? JsonNodeFactory.instance.nullNode() : id);
    ObjectNode error =
        answer.putObject("error").put("code", kind.code).put("message", getMessage());
    addDetails(error, "data");
    return answer;
  }

  ObjectNode rest() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ObjectNode error =
        answer
            .putObject("error")
            .put("code", kind.status)
            .put("status", kind.grpc)
            .put("message", getMessage());
    addDetails(error, "details");
    return answer;
  }

  /** As google.rpc.ErrorInfo, whose metadata are texts. */
  private void addDetails(ObjectNode error, String field) {
    ObjectNode info = error.putArray(field).addObject();
    info.put("@type", "type.googleapis.com/google.rpc.ErrorInfo");
    info.put("reason", kind.reason);
    info.put("domain", kind == Kind.DENIED ? "margay.io" : "a2a-protocol.org");
    if (!details.isEmpty()) {
      ObjectNode metadata = info.putObject("metadata");
      details
          .properties()
          .forEach(field2 ->
              metadata.put(
                  field2.getKey(),
                  field2.getValue().isTextual()
                      ? field2.getValue().asText()
                      : field2.getValue().toString()));
    }
  }
}
