package io.margay.cedar.differential;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.Request;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.json.EntityJson;
import io.margay.cedar.json.RequestJson;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;

/**
 * The official implementation. Called below its Java classes, which know less than the JSON that
 * they send, and so that our JSON is what it reads.
 */
public final class Oracle {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Method call;

  public Oracle() {
    // Loads the native library.
    new BasicAuthorizationEngine();
    try {
      call =
          BasicAuthorizationEngine.class.getDeclaredMethod(
              "callCedarJNI", String.class, String.class);
      call.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cedar-java has changed", e);
    }
  }

  /** What was decided. */
  public record Answer(boolean allowed, Set<String> reasons, Set<String> errors) {}

  /**
   * Decides a request.
   *
   * @param policies as JSON of the official format, where a policy may also be its text
   */
  public Answer decide(ObjectNode policies, Entities entities, Request request) {
    ObjectNode body = RequestJson.write(request);
    body.put("validateRequest", false);
    body.set("policies", policies);
    body.set("entities", EntityJson.writeAll(entities));
    JsonNode answer = call("AuthorizationOperation", body).path("response");
    JsonNode diagnostics = answer.path("diagnostics");
    Set<String> reasons = new TreeSet<>();
    diagnostics.path("reason").forEach(reason -> reasons.add(reason.asText()));
    Set<String> errors = new TreeSet<>();
    diagnostics.path("errors").forEach(error -> errors.add(error.path("policyId").asText()));
    return new Answer(answer.path("decision").asText().equals("allow"), reasons, errors);
  }

  /** Calls an operation; fails when the implementation refuses the request. */
  public JsonNode call(String operation, JsonNode body) {
    try {
      JsonNode answer = JSON.readTree((String) call.invoke(null, operation, body.toString()));
      if (!answer.path("type").asText().equals("success")) {
        throw new IllegalArgumentException(answer + "\nfor " + body);
      }
      return answer;
    } catch (ReflectiveOperationException | IOException e) {
      throw new IllegalStateException("cedar-java does not answer", e);
    }
  }
}
