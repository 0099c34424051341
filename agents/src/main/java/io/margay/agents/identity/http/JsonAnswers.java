package io.margay.agents.identity.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes JSON answers. */
final class JsonAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonAnswers() {}

  /** An answer that holds a token, or says why there is none: never to be kept on the way. */
  static void sendSecret(Response response, Callback callback, int status, Object body) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    send(response, callback, status, body);
  }

  static void sendError(Response response, Callback callback, TokenErrorException e) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", e.error());
    body.put("error_description", e.reason());
    sendSecret(response, callback, e.status(), body);
  }

  static void send(Response response, Callback callback, int status, Object body) {
    try {
      sendText(response, callback, status, JSON.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      callback.failed(e);
    }
  }

  static void sendText(Response response, Callback callback, int status, String json) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), callback);
  }
}
