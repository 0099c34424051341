package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.gateway.http.StrictJson;
import java.util.Optional;

/**
 * A JSON-RPC message of a client.
 *
 * @param id missing for a notification
 * @param method empty for a response, which clients of older revisions may send
 */
record Message(ObjectNode whole, JsonNode id, String method, JsonNode params) {
  static final String VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
  private static final String CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

  static Message read(byte[] body) throws RpcError {
    JsonNode value;
    try {
      value = StrictJson.read(body);
    } catch (StrictJson.NotJson e) {
      throw new RpcError(400, RpcError.PARSE, e.reason());
    }
    if (value.isArray()) {
      throw new RpcError(
          400, RpcError.INVALID_REQUEST, "batches are not part of the protocol: send one message");
    }
    if (!(value instanceof ObjectNode object) || !object.path("jsonrpc").asText().equals("2.0")) {
      throw new RpcError(400, RpcError.INVALID_REQUEST, "not a JSON-RPC 2.0 message");
    }
    JsonNode id = object.path("id");
    if (!id.isMissingNode() && !id.isTextual() && !id.isIntegralNumber()) {
      throw new RpcError(400, RpcError.INVALID_REQUEST, "id: neither a text nor an integer");
    }
    JsonNode params = object.path("params");
    if (!params.isMissingNode() && !params.isObject()) {
      throw new RpcError(400, RpcError.INVALID_PARAMS, "params: not an object");
    }
    JsonNode method = object.path("method");
    if (method.isTextual()) {
      if (object.has("result") || object.has("error")) {
        throw new RpcError(
            400, RpcError.INVALID_REQUEST, "a message is a request or a response, not both");
      }
      return new Message(object, id, method.asText(), params);
    }
    if (!method.isMissingNode()
        || id.isMissingNode()
        || object.has("result") == object.has("error")) {
      throw new RpcError(400, RpcError.INVALID_REQUEST, "neither a request nor a response");
    }
    return new Message(object, id, "", MissingNode.getInstance());
  }

  boolean isResponse() {
    return method.isEmpty();
  }

  boolean isNotification() {
    return id.isMissingNode();
  }

  /** A text among the parameters; empty when it is missing or something else. */
  String text(String parameter) {
    return params.path(parameter).isTextual() ? params.path(parameter).asText() : "";
  }

  private JsonNode meta() {
    return params.path("_meta");
  }

  /** The revision that the body names. */
  Optional<String> revision() {
    JsonNode version = meta().path(VERSION_KEY);
    return version.isTextual() ? Optional.of(version.asText()) : Optional.empty();
  }

  Optional<String> traceParent() {
    JsonNode parent = meta().path("traceparent");
    return parent.isTextual() ? Optional.of(parent.asText()) : Optional.empty();
  }

  boolean saysCapabilities() {
    return meta().path(CAPABILITIES_KEY).isObject();
  }

  boolean takesElicitation() {
    return meta().path(CAPABILITIES_KEY).path("elicitation").isObject();
  }

  /** The message with another trace parent, where it has one. */
  Message withTraceParent(String parent) {
    if (traceParent().isEmpty()) {
      return this;
    }
    ObjectNode copy = whole.deepCopy();
    ((ObjectNode) copy.path("params").path("_meta")).put("traceparent", parent);
    return new Message(copy, id, method, copy.path("params"));
  }

  /** The message without one of its parameters. */
  Message without(String parameter) {
    if (!params.has(parameter)) {
      return this;
    }
    ObjectNode copy = whole.deepCopy();
    ((ObjectNode) copy.path("params")).remove(parameter);
    return new Message(copy, id, method, copy.path("params"));
  }
}
