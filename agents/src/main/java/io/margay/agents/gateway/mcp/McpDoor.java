package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.Directory.ToolServer;
import io.margay.agents.gateway.Door;
import io.margay.agents.gateway.Forwarder;
import io.margay.agents.gateway.HopTokens;
import io.margay.agents.gateway.Identities;
import io.margay.agents.gateway.Onward;
import io.margay.agents.gateway.gate.Admission;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.Denials;
import io.margay.agents.gateway.gate.OpenCalls.Open;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.StrictJson;
import io.margay.agents.gateway.http.Traces;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.gateway.http.Upstream.Ask;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tool servers, each under {@code /mcp/NAME}. The body decides what a request is; headers only have
 * to agree with it.
 */
public final class McpDoor implements Door {
  private static final String SESSION = "Mcp-Session-Id";

  /** How long a call that is held waits before its client is told so, and may come again. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private static final Set<String> TAKE_INPUT =
      Set.of("tools/call", "resources/read", "prompts/get");

  private final Identities identities;
  private final Directory directory;
  private final HopTokens tokens;
  private final CallGate gate;
  private final Onward onward;
  private final InstantSource clock;
  private final Set<String> origins;
  private final ToolPins pins = new ToolPins();
  private final Sessions sessions = new Sessions();
  private final AnswerPassage answers;

  /**
   * @param origins of pages that may call; programs send none
   */
  public McpDoor(
      Identities identities,
      Directory directory,
      HopTokens tokens,
      CallGate gate,
      Onward onward,
      InstantSource clock,
      Set<String> origins) {
    this.identities = identities;
    this.directory = directory;
    this.tokens = tokens;
    this.gate = gate;
    this.onward = onward;
    this.clock = clock;
    this.origins = Set.copyOf(origins);
    this.answers = new AnswerPassage(new ListFilter(directory, pins), sessions);
  }

  /** A request with all that is known of it. */
  record Ongoing(
      Exchange exchange, ToolServer server, Caller caller, Message message, Revision revision) {}

  @Override
  public void serve(Exchange exchange, String name, String rest) throws IOException, Refusal {
    if (!rest.isEmpty()) {
      throw new Refusal(404, "a tool server has one address: /mcp/" + name);
    }
    Caller caller = identities.identify(exchange, "mcp/" + name);
    ToolServer server =
        directory
            .toolServer(name)
            .orElseThrow(() -> new Refusal(404, "the registry has no ToolServer " + name));
    checkOrigin(exchange, server, caller);
    try (Open open = gate.open().begin(caller)) {
      switch (exchange.method()) {
        case "POST" -> post(exchange, server, caller, open);
        case "GET" -> ofSession(exchange, server, caller, open, "listen");
        case "DELETE" -> ofSession(exchange, server, caller, open, "initialize");
        default -> throw new Refusal(405, "send POST", Map.of("Allow", "POST, GET, DELETE"));
      }
    }
  }

  private void checkOrigin(Exchange exchange, ToolServer server, Caller caller) throws Refusal {
    Optional<String> origin = exchange.header("Origin");
    if (origin.isPresent() && !origins.contains(origin.get())) {
      String reason = "pages of " + origin.get() + " may not call";
      recordRefusal(exchange, server, caller, Optional.empty(), reason);
      throw new Refusal(403, reason);
    }
  }

  private void post(Exchange exchange, ToolServer server, Caller caller, Open open)
      throws IOException, Refusal {
    JsonNode id = JsonNodeFactory.instance.nullNode();
    Optional<Message> read = Optional.empty();
    try {
      Message message = Message.read(exchange.body());
      read = Optional.of(message);
      id = message.id();
      Revision revision = revision(exchange, message);
      serve(new Ongoing(exchange, server, caller, message, revision), open);
    } catch (RpcError e) {
      if (e.isOfProtocol()) {
        recordRefusal(exchange, server, caller, read, String.valueOf(e.getMessage()));
      }
      exchange.send(e.status(), "application/json", StrictJson.write(e.answer(id)), Map.of());
    }
  }

  /** A message that is refused as such never comes to the policies; its record is all there is. */
  private void recordRefusal(
      Exchange exchange, ToolServer server, Caller caller, Optional<Message> read, String reason)
      throws Refusal {
    Revision revision =
        exchange.header("MCP-Protocol-Version").flatMap(Revision::of).orElse(Revision.R2026_07_28);
    Actions.Meant meant =
        read.flatMap(message -> Actions.of(server.name(), revision, message))
            .orElse(
                new Actions.Meant(
                    "unreadable", new Target(Target.Kind.TOOL_SERVER, server.name(), "")));
    JsonNode arguments = read.map(McpDoor::arguments).orElse(JsonNodeFactory.instance.objectNode());
    TraceContext trace = Traces.of(read.flatMap(Message::traceParent));
    gate.refuse(call(caller, meant, arguments, trace), "protocol", reason);
  }

  /** Which revision a request is of: what the header says, and the body has to agree. */
  private static Revision revision(Exchange exchange, Message message) throws RpcError, Refusal {
    Optional<String> header = exchange.header("MCP-Protocol-Version");
    Optional<String> body = message.revision();
    if (header.isEmpty() && body.isPresent()) {
      throw HeaderCheck.mismatch("MCP-Protocol-Version is missing");
    }
    String text = header.orElse(Revision.R2025_03_26.text());
    Optional<Revision> revision = Revision.of(text);
    if (revision.isEmpty()) {
      ObjectNode data = JsonNodeFactory.instance.objectNode().put("requested", text);
      Revision.all().forEach(data.putArray("supported")::add);
      throw new RpcError(
          400, RpcError.UNSUPPORTED_VERSION, "unsupported protocol version: " + text, data);
    }
    if (revision.get().hasSessions()) {
      if (body.isPresent()) {
        throw HeaderCheck.mismatch("MCP-Protocol-Version is not what the body says");
      }
      return revision.get();
    }
    if (message.isResponse()) {
      throw new RpcError(400, RpcError.INVALID_REQUEST, "clients send no responses");
    }
    if (!message.isNotification() && (body.isEmpty() || !message.saysCapabilities())) {
      throw new RpcError(
          400,
          RpcError.INVALID_PARAMS,
          "params._meta: protocolVersion and clientCapabilities are missing");
    }
    if (body.isPresent() && !body.get().equals(text)) {
      throw HeaderCheck.mismatch("MCP-Protocol-Version is not what the body says");
    }
    if (!message.isNotification()) {
      HeaderCheck.check(exchange, message);
    }
    return revision.get();
  }

  private void serve(Ongoing ongoing, Open open) throws RpcError, IOException, Refusal {
    Message message = ongoing.message();
    String server = ongoing.server().name();
    Actions.Meant meant =
        Actions.of(server, ongoing.revision(), message)
            .orElseThrow(() ->
                new RpcError(
                    ongoing.revision().hasSessions() ? 200 : 404,
                    RpcError.METHOD_NOT_FOUND,
                    "method not found: " + message.method()));
    if (HeaderCheck.NAMED.containsKey(message.method()) && meant.target().name().isEmpty()) {
      throw new RpcError(400, RpcError.INVALID_PARAMS, "params: what is meant has no name");
    }
    checkSession(ongoing);
    checkHeaders(ongoing, meant.target());
    AgentCall call = call(ongoing.caller(), meant, arguments(message), trace(ongoing));
    switch (admit(ongoing, call)) {
      case Admitted admitted -> forward(ongoing, call, admitted, open);
      case Admission.Denied denied ->
          throw new RpcError(
              200, RpcError.DENIED, Denials.sentence(call, denied), Denials.data(call, denied));
      case Admission.Held held -> hold(ongoing, call, held);
      case Admission.Unrecorded(String reason) ->
          throw new RpcError(503, RpcError.INTERNAL, reason);
    }
  }

  private void checkSession(Ongoing ongoing) throws Refusal {
    if (!ongoing.revision().hasSessions() || ongoing.message().method().equals("initialize")) {
      return;
    }
    Optional<String> session = ongoing.exchange().header(SESSION);
    if (session.isPresent() && !isOf(ongoing.server(), session.get(), ongoing.caller())) {
      throw new Refusal(404, "there is no such session of yours: begin a new one");
    }
  }

  private boolean isOf(ToolServer server, String session, Caller caller) {
    if (!onward.seesAnswers()) {
      // The answer that began the session was not ours to see, so its first user owns it.
      sessions.beganUnseen(server.name(), session, caller);
    }
    return sessions.isOf(server.name(), session, caller);
  }

  /** The headers that mirror arguments, where the tool's definition is known. */
  private void checkHeaders(Ongoing ongoing, Target target) throws RpcError, Refusal {
    if (target.kind() == Target.Kind.TOOL && !ongoing.revision().hasSessions()) {
      HeaderCheck.check(
          ongoing.exchange(),
          ongoing.message().params().path("arguments"),
          pins.headers(ongoing.server().name(), target.name()));
    }
  }

  private Admission admit(Ongoing ongoing, AgentCall call) {
    Target target = call.target();
    ToolPins.State state =
        target.kind() == Target.Kind.TOOL
            ? pins.state(ongoing.server(), target.name())
            : ToolPins.State.UNKNOWN;
    return switch (state) {
      case APPROVED, UNKNOWN -> gate.admit(call, ruling -> patience(ongoing, ruling));
      case CHANGED ->
          gate.refuse(
              call,
              "tool-definitions",
              "its definition has changed since it was approved, and is held back until the tool"
                  + " server's owner approves the new one");
      case UNSOUND ->
          gate.refuse(
              call,
              "tool-definitions",
              "its definition mirrors arguments in headers as the protocol forbids");
    };
  }

  private static JsonNode arguments(Message message) {
    JsonNode arguments = message.params().path("arguments");
    return arguments.isObject() ? arguments : JsonNodeFactory.instance.objectNode();
  }

  private static TraceContext trace(Ongoing ongoing) throws Refusal {
    Optional<String> inBody = ongoing.message().traceParent();
    return Traces.of(inBody.isPresent() ? inBody : ongoing.exchange().header("traceparent"));
  }

  private AgentCall call(
      Caller caller, Actions.Meant meant, JsonNode arguments, TraceContext trace) {
    return new AgentCall(
        Protocol.MCP, meant.action(), caller, meant.target(), arguments, trace, clock.instant());
  }

  /** Older revisions have no word for "later", so there a call waits as long as it may. */
  private Duration patience(Ongoing ongoing, Ruling ruling) {
    Duration allowed =
        ruling.approval().map(hold -> Duration.ofSeconds(hold.seconds())).orElse(PATIENCE);
    Duration most = canComeAgain(ongoing) ? PATIENCE : LONGEST_WAIT;
    return allowed.compareTo(most) < 0 ? allowed : most;
  }

  private boolean canComeAgain(Ongoing ongoing) {
    // Where others send the request on, they would send our state with it.
    return onward.seesAnswers()
        && !ongoing.revision().hasSessions()
        && TAKE_INPUT.contains(ongoing.message().method());
  }

  /** Tells that a call waits for a person, who is not the one that asks. */
  private void hold(Ongoing ongoing, AgentCall call, Admission.Held held)
      throws RpcError, IOException {
    String text =
        "%s of %s waits for approval %s".formatted(call.action(), call.target(), held.approval());
    if (!canComeAgain(ongoing)) {
      ObjectNode data = JsonNodeFactory.instance.objectNode();
      data.put("approval", held.approval()).put("auditRecord", held.record());
      throw new RpcError(200, RpcError.DENIED, text + "; call again when it is given", data);
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    answer.set("id", ongoing.message().id());
    ObjectNode result = answer.putObject("result").put("resultType", "input_required");
    // Only names the held call: what is approved depends on caller, target and arguments.
    result.put("requestState", STATE + held.approval());
    if (ongoing.message().takesElicitation()) {
      ObjectNode asked = result.putObject("inputRequests").putObject("approval");
      asked.put("method", "elicitation/create");
      ObjectNode params = asked.putObject("params").put("mode", "form");
      params.put("message", text + ". It is not yours to give; accept to ask again.");
      params.putObject("requestedSchema").put("type", "object").putObject("properties");
    }
    ongoing.exchange().send(200, "application/json", StrictJson.write(answer), Map.of());
  }

  private static final String STATE = "margay-approval:";

  private void forward(Ongoing ongoing, AgentCall call, Admitted admitted, Open open)
      throws IOException, Refusal, RpcError {
    String parent = Traces.parentOf(call.trace());
    Message message = ongoing.message().withTraceParent(parent);
    if (message.text("requestState").startsWith(STATE)) {
      message = message.without("requestState").without("inputResponses");
    }
    Exchange exchange = ongoing.exchange();
    Ask ask =
        new Ask(
            "POST",
            ongoing.server().uri(),
            ongoing.server().authorities(),
            exchange.headers(),
            Forwarder.headers(credential(exchange, ongoing.caller(), ongoing.server()), parent),
            StrictJson.write(message.whole()));
    try {
      onward.forward(exchange, call, admitted, open, ask, answer -> answers.write(ongoing, answer));
    } catch (Onward.Unreachable e) {
      throw new RpcError(502, RpcError.INTERNAL, e.reason());
    }
  }

  private Map<String, String> credential(Exchange exchange, Caller caller, ToolServer server)
      throws Refusal {
    return Upstream.bearer(tokens.forUpstream(exchange, caller, server.uri().toString()));
  }

  /** The stream that a session listens on, and its end: without a message. */
  private void ofSession(
      Exchange exchange, ToolServer server, Caller caller, Open open, String action)
      throws IOException, Refusal {
    String session =
        exchange
            .header(SESSION)
            .orElseThrow(() -> new Refusal(405, "send POST", Map.of("Allow", "POST")));
    if (!isOf(server, session, caller)) {
      throw new Refusal(404, "there is no such session of yours: begin a new one");
    }
    Actions.Meant meant =
        new Actions.Meant(action, new Target(Target.Kind.TOOL_SERVER, server.name(), ""));
    TraceContext trace = Traces.of(exchange.header("traceparent"));
    AgentCall call = call(caller, meant, JsonNodeFactory.instance.objectNode(), trace);
    switch (gate.admit(call, _ -> Duration.ZERO)) {
      case Admitted admitted -> {
        Map<String, String> ours =
            Forwarder.headers(credential(exchange, caller, server), Traces.parentOf(trace));
        Ask ask =
            new Ask(
                exchange.method(),
                server.uri(),
                server.authorities(),
                exchange.headers(),
                ours,
                new byte[0]);
        try {
          onward.forward(
              exchange, call, admitted, open, ask, answer -> Forwarder.stream(exchange, answer));
        } catch (Onward.Unreachable e) {
          throw new Refusal(502, e.reason());
        }
        if (exchange.method().equals("DELETE")) {
          sessions.ended(server.name(), session);
        }
      }
      case Admission.Denied denied -> throw new Refusal(403, Denials.sentence(call, denied));
      case Admission.Held held ->
          throw new Refusal(403, "it waits for approval " + held.approval());
      case Admission.Unrecorded(String reason) -> throw new Refusal(503, reason);
    }
  }
}
