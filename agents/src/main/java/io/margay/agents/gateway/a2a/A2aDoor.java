package io.margay.agents.gateway.a2a;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.Directory.CallableAgent;
import io.margay.agents.gateway.Door;
import io.margay.agents.gateway.Forwarder;
import io.margay.agents.gateway.HopTokens;
import io.margay.agents.gateway.Identities;
import io.margay.agents.gateway.Onward;
import io.margay.agents.gateway.a2a.A2aError.Kind;
import io.margay.agents.gateway.gate.Admission;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.Denials;
import io.margay.agents.gateway.gate.Holds;
import io.margay.agents.gateway.gate.OpenCalls.Open;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.StrictJson;
import io.margay.agents.gateway.http.Traces;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.gateway.http.Upstream.Ask;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Agents that can be called, each under {@code /a2a/NAME}: JSON-RPC at that address, REST below it,
 * and the agent's card.
 */
public final class A2aDoor implements Door {
  private static final String CARD = "/.well-known/agent-card.json";
  private static final String REST_TYPE = "application/a2a+json";
  static final String VERSION = "1.0";

  /** How long a held message waits before its sender is told so, and may send it again. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Identities identities;
  private final Directory directory;
  private final HopTokens tokens;
  private final CallGate gate;
  private final Holds holds;
  private final Onward onward;
  private final PushTargets pushTargets;
  private final AgentCards cards;
  private final InstantSource clock;

  public A2aDoor(
      Identities identities,
      Directory directory,
      HopTokens tokens,
      CallGate gate,
      Holds holds,
      Onward onward,
      PushTargets pushTargets,
      AgentCards cards,
      InstantSource clock) {
    this.identities = identities;
    this.directory = directory;
    this.tokens = tokens;
    this.gate = gate;
    this.holds = holds;
    this.onward = onward;
    this.pushTargets = pushTargets;
    this.cards = cards;
    this.clock = clock;
  }

  /**
   * A request with all that is known of it.
   *
   * @param rest the path behind the agent's address; empty for JSON-RPC
   * @param id of the JSON-RPC message; missing for REST
   * @param params of the operation; for REST its body
   */
  private record Ongoing(
      Exchange exchange,
      CallableAgent agent,
      Caller caller,
      Operation operation,
      String rest,
      JsonNode id,
      JsonNode params,
      byte[] body) {

    boolean isRest() {
      return !rest.isEmpty();
    }
  }

  @Override
  public void serve(Exchange exchange, String name, String below) throws IOException, Refusal {
    // Clients that put paths together end the address of JSON-RPC with a slash.
    String rest = below.equals("/") ? "" : below;
    Caller caller = identities.identify(exchange, "a2a/" + name);
    CallableAgent agent =
        directory
            .agent(name)
            .orElseThrow(() -> new Refusal(404, "the registry has no Agent to call named " + name));
    JsonNode id = MissingNode.getInstance();
    String action = "unreadable";
    try (Open open = gate.open().begin(caller)) {
      if (rest.equals(CARD) && exchange.method().equals("GET")) {
        card(exchange, agent, caller);
        return;
      }
      checkVersion(exchange);
      Ongoing ongoing;
      if (rest.isEmpty()) {
        ObjectNode message = message(exchange);
        id = message.path("id");
        ongoing = ofJsonRpc(exchange, agent, caller, message);
      } else {
        ongoing = ofRest(exchange, agent, caller, rest);
      }
      action = ongoing.operation().action();
      serve(ongoing, open);
    } catch (A2aError e) {
      if (e.isOfProtocol()) {
        gate.refuse(
            call(exchange, agent, caller, action, MissingNode.getInstance()),
            "protocol",
            String.valueOf(e.getMessage()));
      }
      if (rest.isEmpty()) {
        exchange.send(200, "application/json", StrictJson.write(e.jsonRpc(id)), Map.of());
      } else {
        exchange.send(e.status(), REST_TYPE, StrictJson.write(e.rest()), Map.of());
      }
    }
  }

  private static void checkVersion(Exchange exchange) throws A2aError, Refusal {
    String version = exchange.header("A2A-Version").orElse("");
    if (!version.equals(VERSION)) {
      throw new A2aError(
          Kind.VERSION_NOT_SUPPORTED,
          (version.isEmpty() ? "A2A-Version is missing, which means 0.3" : "A2A " + version)
              + ": this server speaks 1.0, send A2A-Version: 1.0");
    }
  }

  private static ObjectNode message(Exchange exchange) throws A2aError, IOException, Refusal {
    if (!exchange.method().equals("POST")) {
      throw new Refusal(405, "send POST", Map.of("Allow", "POST"));
    }
    if (read(exchange.body()) instanceof ObjectNode object) {
      return object;
    }
    throw new A2aError(Kind.INVALID_REQUEST, "not a JSON-RPC 2.0 request; batches are not taken");
  }

  private static Ongoing ofJsonRpc(
      Exchange exchange, CallableAgent agent, Caller caller, ObjectNode message) throws A2aError {
    JsonNode id = message.path("id");
    JsonNode params = message.path("params");
    if (!message.path("jsonrpc").asText().equals("2.0")
        || !message.path("method").isTextual()
        || !(id.isTextual() || id.isIntegralNumber())) {
      throw new A2aError(Kind.INVALID_REQUEST, "not a JSON-RPC 2.0 request");
    }
    if (!params.isObject() && !params.isMissingNode()) {
      throw new A2aError(Kind.INVALID_PARAMS, "params: not an object");
    }
    String method = message.path("method").asText();
    Operation operation =
        Operation.of(method)
            .orElseThrow(() ->
                new A2aError(
                    Kind.METHOD_NOT_FOUND,
                    method.contains("/")
                        ? method + " is of A2A 0.3: this server speaks 1.0"
                        : "method not found: " + method));
    return new Ongoing(
        exchange, agent, caller, operation, "", id, params, StrictJson.write(message));
  }

  private static Ongoing ofRest(Exchange exchange, CallableAgent agent, Caller caller, String rest)
      throws A2aError, IOException, Refusal {
    Operation operation =
        Operation.of(exchange.method(), rest)
            .orElseThrow(() ->
                new A2aError(
                    Kind.METHOD_NOT_FOUND, exchange.method() + " " + rest + " is no operation"));
    byte[] body = exchange.body();
    JsonNode params = body.length == 0 ? JsonNodeFactory.instance.objectNode() : read(body);
    if (!params.isObject()) {
      throw new A2aError(Kind.INVALID_REQUEST, "the body is not an object");
    }
    return new Ongoing(
        exchange, agent, caller, operation, rest, MissingNode.getInstance(), params, body);
  }

  private static JsonNode read(byte[] body) throws A2aError {
    try {
      return StrictJson.read(body);
    } catch (StrictJson.NotJson e) {
      throw new A2aError(Kind.PARSE, e.reason());
    }
  }

  private void serve(Ongoing ongoing, Open open) throws A2aError, IOException, Refusal {
    if (ongoing.operation() == Operation.GET_TASK && answersForHeld(ongoing)) {
      return;
    }
    checkPushTarget(ongoing);
    AgentCall call =
        call(
            ongoing.exchange(),
            ongoing.agent(),
            ongoing.caller(),
            ongoing.operation().action(),
            ongoing.params());
    switch (gate.admit(call, ruling -> patience(ruling))) {
      case Admitted admitted -> forward(ongoing, call, admitted, open);
      case Admission.Denied denied -> throw denied(ongoing, call, denied);
      case Admission.Held held -> hold(ongoing, call, held);
      case Admission.Unrecorded(String reason) -> throw new A2aError(Kind.UNAVAILABLE, reason);
    }
  }

  private AgentCall call(
      Exchange exchange, CallableAgent agent, Caller caller, String action, JsonNode arguments)
      throws Refusal {
    return new AgentCall(
        Protocol.A2A,
        action,
        caller,
        new Target(Target.Kind.AGENT, agent.name(), ""),
        arguments.isMissingNode() ? JsonNodeFactory.instance.objectNode() : arguments,
        Traces.of(exchange.header("traceparent")),
        clock.instant());
  }

  private static Duration patience(Ruling ruling) {
    Duration allowed =
        ruling.approval().map(hold -> Duration.ofSeconds(hold.seconds())).orElse(PATIENCE);
    return allowed.compareTo(PATIENCE) < 0 ? allowed : PATIENCE;
  }

  /** A task that may not be seen looks like one that is not there. */
  private static A2aError denied(Ongoing ongoing, AgentCall call, Admission.Denied denied) {
    return switch (ongoing.operation()) {
      case GET_TASK, CANCEL_TASK, SUBSCRIBE, GET_PUSH, LIST_PUSH, DELETE_PUSH, CREATE_PUSH ->
          new A2aError(Kind.TASK_NOT_FOUND, "there is no such task");
      case SEND, SEND_STREAMING, LIST_TASKS, GET_CARD ->
          new A2aError(Kind.DENIED, Denials.sentence(call, denied), Denials.data(call, denied));
    };
  }

  private void checkPushTarget(Ongoing ongoing) throws A2aError {
    JsonNode params = ongoing.params();
    JsonNode url =
        switch (ongoing.operation()) {
          case CREATE_PUSH -> params.has("url") ? params.path("url") : params.at("/config/url");
          case SEND, SEND_STREAMING -> params.at("/configuration/taskPushNotificationConfig/url");
          case GET_TASK,
              LIST_TASKS,
              CANCEL_TASK,
              SUBSCRIBE,
              GET_PUSH,
              LIST_PUSH,
              DELETE_PUSH,
              GET_CARD ->
              MissingNode.getInstance();
        };
    if (url.isMissingNode()) {
      if (ongoing.operation() == Operation.CREATE_PUSH) {
        throw new A2aError(Kind.INVALID_PARAMS, "url: missing");
      }
      return;
    }
    Optional<String> problem = pushTargets.problem(url.asText());
    if (problem.isPresent()) {
      throw new A2aError(Kind.INVALID_PARAMS, "url: " + url.asText() + " " + problem.get());
    }
  }

  /** Whether the task asked for is a held call of the caller; then it is answered. */
  private boolean answersForHeld(Ongoing ongoing) throws IOException, A2aError {
    String task =
        ongoing.isRest()
            ? ongoing.rest().substring("/tasks/".length())
            : ongoing.params().path("id").asText();
    if (!task.startsWith(HeldTask.PREFIX)) {
      return false;
    }
    String approval = task.substring(HeldTask.PREFIX.length());
    Holds.Claim claim =
        holds
            .find(ongoing.caller(), approval)
            .orElseThrow(() -> new A2aError(Kind.TASK_NOT_FOUND, "there is no such task"));
    answer(ongoing, HeldTask.of(approval, claim));
    return true;
  }

  /** The protocol's own word for it: a task that needs an authorization. */
  private static void hold(Ongoing ongoing, AgentCall call, Admission.Held held)
      throws IOException, A2aError {
    if (!ongoing.operation().sends()) {
      throw new A2aError(
          Kind.DENIED,
          "%s of %s waits for approval %s"
              .formatted(call.action(), call.target(), held.approval()));
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    String context = ongoing.params().at("/message/contextId").asText();
    result.set(
        "task", HeldTask.waiting(held.approval(), context.isEmpty() ? held.approval() : context));
    answer(ongoing, result);
  }

  private static void answer(Ongoing ongoing, ObjectNode result) throws IOException {
    ObjectNode answer = result;
    if (!ongoing.isRest()) {
      answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
      answer.set("id", ongoing.id());
      answer.set("result", result);
    }
    byte[] bytes = StrictJson.write(answer);
    if (!ongoing.operation().streams()) {
      ongoing
          .exchange()
          .send(200, ongoing.isRest() ? REST_TYPE : "application/json", bytes, Map.of());
      return;
    }
    OutputStream out = ongoing.exchange().begin(200, Map.of("content-type", "text/event-stream"));
    out.write("data: ".getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.write("\n\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private void forward(Ongoing ongoing, AgentCall call, Admitted admitted, Open open)
      throws IOException, Refusal, A2aError {
    Exchange exchange = ongoing.exchange();
    Map<String, String> token =
        Upstream.bearer(tokens.forUpstream(exchange, ongoing.caller(), ongoing.agent().audience()));
    URI uri =
        URI.create(
            ongoing.agent().uri().toString().replaceAll("/$", "")
                + ongoing.rest()
                + exchange.query());
    Ask ask =
        new Ask(
            exchange.method(),
            uri,
            ongoing.agent().authorities(),
            exchange.headers(),
            Forwarder.headers(token, Traces.parentOf(call.trace())),
            ongoing.body());
    try {
      onward.forward(
          exchange, call, admitted, open, ask, answer -> Forwarder.stream(exchange, answer));
    } catch (Onward.Unreachable e) {
      throw new A2aError(Kind.UNAVAILABLE, e.reason());
    }
  }

  /** The agent's card with the gateway's address in the place of the agent's own. */
  private void card(Exchange exchange, CallableAgent agent, Caller caller)
      throws IOException, Refusal, A2aError {
    AgentCall call =
        call(exchange, agent, caller, "getCard", JsonNodeFactory.instance.objectNode());
    switch (gate.admit(call, _ -> Duration.ZERO)) {
      case Admitted admitted -> {
        String asked = exchange.address().toString();
        String address = asked.substring(0, asked.length() - CARD.length());
        ObjectNode card = cards.of(agent, address);
        Map<String, String> caching =
            Map.of("Cache-Control", "private, max-age=60", "ETag", AgentCards.tag(card));
        exchange.send(200, "application/json", StrictJson.write(card), caching);
        gate.ended(admitted, call, "ok", 200, Duration.between(call.at(), clock.instant()));
      }
      case Admission.Denied denied ->
          throw new A2aError(
              Kind.DENIED, Denials.sentence(call, denied), Denials.data(call, denied));
      case Admission.Held held ->
          throw new A2aError(Kind.DENIED, "the card waits for approval " + held.approval());
      case Admission.Unrecorded(String reason) -> throw new A2aError(Kind.UNAVAILABLE, reason);
    }
  }
}
