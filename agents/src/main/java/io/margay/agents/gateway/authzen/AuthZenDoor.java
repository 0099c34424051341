package io.margay.agents.gateway.authzen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.gateway.Door;
import io.margay.agents.gateway.EnforcementPoints;
import io.margay.agents.gateway.authzen.Question.Unclear;
import io.margay.agents.gateway.gate.Admission;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.Denials;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.StrictJson;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers enforcement points under {@code /access/v1/}. Each answer is a decision as any other:
 * recorded before it is told, and held for a person where a policy says so.
 */
public final class AuthZenDoor implements Door {
  /** Under {@code /.well-known/}. */
  public static final String METADATA = "authzen-configuration";

  private static final String BASE = "/access/v1/";
  private static final Set<String> STOPS =
      Set.of("execute_all", "deny_on_first_deny", "permit_on_first_permit");

  /** Each is a record on disk. */
  private static final int MOST_AT_ONCE = 100;

  private final EnforcementPoints points;
  private final CallGate gate;
  private final InstantSource clock;

  public AuthZenDoor(EnforcementPoints points, CallGate gate, InstantSource clock) {
    this.points = points;
    this.gate = gate;
    this.clock = clock;
  }

  /** Says where questions are asked. */
  public static ObjectNode metadata(String origin) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("policy_decision_point", origin);
    answer.put("access_evaluation_endpoint", origin + BASE + "evaluation");
    answer.put("access_evaluations_endpoint", origin + BASE + "evaluations");
    return answer;
  }

  @Override
  public void serve(Exchange exchange, String version, String rest) throws IOException, Refusal {
    points.known(exchange.certificates(), "access" + rest);
    boolean many = rest.equals("/evaluations");
    if (!version.equals("v1") || !(many || rest.equals("/evaluation"))) {
      throw new Refusal(404, "known are /access/v1/evaluation and /access/v1/evaluations");
    }
    if (!exchange.method().equals("POST")) {
      throw new Refusal(405, "send POST", Map.of("Allow", "POST"));
    }
    Optional<String> request = exchange.header("X-Request-ID");
    ObjectNode asked = object(exchange.body());
    ObjectNode answer = many && asked.path("evaluations").size() > 0 ? many(asked) : one(asked);
    exchange.send(
        200,
        "application/json",
        StrictJson.write(answer),
        request.map(id -> Map.of("X-Request-ID", id)).orElse(Map.of()));
  }

  private static ObjectNode object(byte[] body) throws Refusal {
    try {
      if (StrictJson.read(body) instanceof ObjectNode object) {
        return object;
      }
      throw new Refusal(400, "the body is not an object");
    } catch (StrictJson.NotJson e) {
      throw new Refusal(400, e.reason());
    }
  }

  private ObjectNode one(JsonNode asked) throws Refusal {
    try {
      return answer(asked);
    } catch (Unclear e) {
      throw new Refusal(400, e.reason());
    }
  }

  private ObjectNode many(ObjectNode asked) throws Refusal {
    JsonNode questions = asked.path("evaluations");
    String stops = asked.at("/options/evaluations_semantic").asText("execute_all");
    if (!questions.isArray() || questions.size() > MOST_AT_ONCE) {
      throw new Refusal(400, "evaluations: not a list of at most " + MOST_AT_ONCE);
    }
    if (!STOPS.contains(stops)) {
      throw new Refusal(400, "options.evaluations_semantic: \"" + stops + "\" is not known");
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode answers = answer.putArray("evaluations");
    for (JsonNode question : questions) {
      ObjectNode one = evenUnclear(withDefaults(question, asked));
      answers.add(one);
      boolean permitted = one.path("decision").asBoolean();
      if (stops.equals(permitted ? "permit_on_first_permit" : "deny_on_first_deny")) {
        break;
      }
    }
    return answer;
  }

  /** A question may leave out what the whole request says. */
  private static ObjectNode withDefaults(JsonNode question, ObjectNode asked) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    for (String field : new String[] {"subject", "action", "resource", "context"}) {
      JsonNode value = question.has(field) ? question.path(field) : asked.path(field);
      if (!value.isMissingNode()) {
        whole.set(field, value);
      }
    }
    return whole;
  }

  /** One question among others that cannot be read is a no. */
  private ObjectNode evenUnclear(JsonNode asked) {
    try {
      return answer(asked);
    } catch (Unclear e) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode().put("decision", false);
      answer.putObject("context").putObject("error").put("status", 400).put("message", e.reason());
      return answer;
    }
  }

  private ObjectNode answer(JsonNode asked) throws Unclear {
    AgentCall call = Question.of(asked, clock.instant());
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    switch (gate.admit(call, _ -> Duration.ZERO)) {
      case Admitted admitted -> {
        var ruling = admitted.decision().enforced();
        ObjectNode context = answer.put("decision", true).putObject("context");
        context.put("reason", ruling.reason()).put("tier", ruling.tier());
        ruling.policies().forEach(context.putArray("policies")::add);
        context.put("auditRecord", admitted.record());
        gate.ended(admitted, call, "handed-over", 0, Duration.between(call.at(), clock.instant()));
      }
      case Admission.Denied denied ->
          answer.put("decision", false).set("context", Denials.data(call, denied));
      case Admission.Held held ->
          answer
              .put("decision", false)
              .putObject("context")
              .put("reason", "it waits for approval: ask again when it is given")
              .put("approval", held.approval())
              .put("auditRecord", held.record());
      case Admission.Unrecorded(String reason) ->
          answer.put("decision", false).putObject("context").put("reason", reason);
    }
    return answer;
  }
}
