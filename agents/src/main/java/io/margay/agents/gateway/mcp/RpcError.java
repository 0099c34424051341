package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A message that is answered with an error. */
final class RpcError extends Exception {
  static final int PARSE = -32700;
  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int INTERNAL = -32603;
  static final int HEADER_MISMATCH = -32020;
  static final int UNSUPPORTED_VERSION = -32022;

  /** Ours, from the range that the protocol leaves to servers: a policy, or none, denies. */
  static final int DENIED = -32003;

  private static final long serialVersionUID = 1;

  private final int status;
  private final int code;
  private final transient ObjectNode data;

  RpcError(int status, int code, String message) {
    this(status, code, message, JsonNodeFactory.instance.objectNode());
  }

  RpcError(int status, int code, String message, ObjectNode data) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.data = data;
  }

  int status() {
    return status;
  }

  /** Whether the message itself is refused, before anything was decided about it. */
  boolean isOfProtocol() {
    return code != DENIED && code != INTERNAL;
  }

  /** The answer to a message. */
  ObjectNode answer(JsonNode id) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    answer.set("id", id.isMissingNode() ? JsonNodeFactory.instance.nullNode() : id);
    ObjectNode error = answer.putObject("error").put("code", code).put("message", getMessage());
    if (!data.isEmpty()) {
      error.set("data", data);
    }
    return answer;
  }
}
