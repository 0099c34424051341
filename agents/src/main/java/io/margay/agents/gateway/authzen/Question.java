package io.margay.agents.gateway.authzen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.call.User;
import io.margay.agents.gateway.http.Traces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what an enforcement point asks: may this agent do that with this server or tool? */
final class Question {
  private Question() {}

  /** A question that cannot be read. */
  static final class Unclear extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    Unclear(String field, String problem) {
      super(field + ": " + problem, null, false, false);
      reason = field + ": " + problem;
    }

    /** Which field, and what is wrong with it. */
    String reason() {
      return reason;
    }
  }

  /**
   * The call that is asked about.
   *
   * @param asked with subject, action, resource, and perhaps a context
   */
  static AgentCall of(JsonNode asked, Instant at) throws Unclear {
    String type = text(asked, "/subject/type");
    if (!type.equals("agent")) {
      throw new Unclear("subject.type", "\"" + type + "\" is not known: write \"agent\"");
    }
    Target target = target(text(asked, "/resource/type"), text(asked, "/resource/id"));
    JsonNode arguments = asked.at("/action/properties");
    if (!arguments.isMissingNode() && !arguments.isObject()) {
      throw new Unclear("action.properties", "not an object");
    }
    String trace = asked.at("/context/traceparent").asText();
    return new AgentCall(
        protocol(target.kind()),
        text(asked, "/action/name"),
        caller(text(asked, "/subject/id"), asked.at("/subject/properties")),
        target,
        arguments.isObject() ? arguments : JsonNodeFactory.instance.objectNode(),
        Traces.of(trace.isEmpty() ? Optional.empty() : Optional.of(trace)),
        at);
  }

  private static String text(JsonNode asked, String pointer) throws Unclear {
    JsonNode value = asked.at(pointer);
    String field = pointer.substring(1).replace('/', '.');
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw new Unclear(field, value.isMissingNode() ? "missing" : "not a text");
    }
    return value.asText();
  }

  private static Target target(String type, String id) throws Unclear {
    Target.Kind kind;
    try {
      kind = Target.Kind.valueOf(type.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Unclear(
          "resource.type",
          "\""
              + type
              + "\" is not known: write agent, tool, resource, prompt, model or tool_server");
    }
    boolean whole =
        kind == Target.Kind.AGENT || kind == Target.Kind.TOOL_SERVER || kind == Target.Kind.ADDRESS;
    int slash = id.indexOf('/');
    if (whole == slash >= 0) {
      throw new Unclear(
          "resource.id", "\"" + id + "\": write " + (whole ? "its name" : "SERVER/NAME"));
    }
    return whole
        ? new Target(kind, id, "")
        : new Target(kind, id.substring(0, slash), id.substring(slash + 1));
  }

  private static Protocol protocol(Target.Kind kind) {
    return switch (kind) {
      case AGENT -> Protocol.A2A;
      case MODEL -> Protocol.LLM;
      case TOOL, RESOURCE, PROMPT, TOOL_SERVER -> Protocol.MCP;
      case ADDRESS -> Protocol.HTTP;
    };
  }

  /** The caller as the enforcement point has verified it. */
  private static Caller caller(String workload, JsonNode properties) throws Unclear {
    List<String> chain = texts(properties, "chain");
    if (!chain.isEmpty() && !chain.getLast().equals(workload)) {
      throw new Unclear("subject.properties.chain", "does not end with subject.id");
    }
    Optional<User> user = Optional.empty();
    JsonNode said = properties.path("user");
    if (!said.isMissingNode()) {
      user =
          Optional.of(
              new User(text(said, "/issuer"), text(said, "/subject"), texts(said, "groups")));
    }
    return new Caller(
        workload,
        user,
        chain.isEmpty() ? List.of(workload) : chain,
        properties.path("token_id").asText(),
        texts(properties, "scope"));
  }

  private static List<String> texts(JsonNode object, String field) throws Unclear {
    JsonNode values = object.path(field);
    List<String> texts = new ArrayList<>();
    for (JsonNode value : values) {
      if (!values.isArray() || !value.isTextual()) {
        throw new Unclear("subject.properties." + field, "not a list of texts");
      }
      texts.add(value.asText());
    }
    return texts;
  }
}
