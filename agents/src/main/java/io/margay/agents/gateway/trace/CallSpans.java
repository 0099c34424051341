package io.margay.agents.gateway.trace;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.gateway.gate.CallObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A span for each call, below that of its caller, with the attributes that OpenTelemetry's
 * conventions have for generative AI and MCP. Arguments, prompts and answers are in none.
 */
public final class CallSpans implements CallObserver {
  /** Methods by their actions, where an action is of one method only. */
  private static final Map<String, String> MCP_METHODS =
      Map.of(
          "invokeTool", "tools/call",
          "listTools", "tools/list",
          "readResource", "resources/read",
          "getPrompt", "prompts/get",
          "listPrompts", "prompts/list",
          "complete", "completion/complete",
          "discover", "server/discover",
          "ping", "ping",
          "setLogLevel", "logging/setLevel");

  private final Tracer tracer;
  private final InstantSource clock;

  /**
   * @param tracer of a provider whose ids are {@link HopIds}
   */
  public CallSpans(Tracer tracer, InstantSource clock) {
    this.tracer = tracer;
    this.clock = clock;
  }

  @Override
  public void over(
      AgentCall call, AgentDecision decision, long record, String outcome, int status) {
    Span span =
        HopIds.start(
            tracer
                .spanBuilder(name(call))
                .setParent(parent(call.trace()))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(call.at()),
            call.trace());
    describe(span, call);
    describe(span, decision.enforced());
    span.setAttribute("margay.outcome", outcome).setAttribute("margay.audit.record", record);
    if (status > 0) {
      span.setAttribute("http.response.status_code", status);
    }
    if (!outcome.equals("ok") && !outcome.equals("handed-over")) {
      span.setAttribute("error.type", status >= 400 ? Integer.toString(status) : outcome);
      span.setStatus(StatusCode.ERROR, outcome);
    }
    span.end(clock.instant());
  }

  /** The caller's span; none when the trace begins here. */
  private static Context parent(TraceContext trace) {
    if (trace.spanId().isEmpty()) {
      return Context.root();
    }
    SpanContext caller =
        SpanContext.createFromRemoteParent(
            trace.traceId(), trace.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    return Context.root().with(Span.wrap(caller));
  }

  /** What is done, and to what: {@code tools/call lookup}, {@code chat small}. */
  private static String name(AgentCall call) {
    String done =
        switch (call.protocol()) {
          case MCP -> MCP_METHODS.getOrDefault(call.action(), call.action());
          case A2A, LLM, HTTP -> operation(call).orElse(call.action());
        };
    Target target = call.target();
    return switch (target.kind()) {
      case TOOL, PROMPT, MODEL -> done + " " + target.name();
      case AGENT -> done + " " + target.server();
      // A URI makes a name that no two spans share.
      case RESOURCE, TOOL_SERVER, ADDRESS -> done;
    };
  }

  private static Optional<String> operation(AgentCall call) {
    return switch (call.action()) {
      case "invokeTool" -> Optional.of("execute_tool");
      case "sendMessage" -> Optional.of("invoke_agent");
      case "invokeModel" -> Optional.of("chat");
      case "embed" -> Optional.of("embeddings");
      default -> Optional.empty();
    };
  }

  private static void describe(Span span, AgentCall call) {
    Target target = call.target();
    operation(call).ifPresent(done -> span.setAttribute("gen_ai.operation.name", done));
    String method = MCP_METHODS.get(call.action());
    if (method != null) {
      span.setAttribute("mcp.method.name", method);
    }
    switch (target.kind()) {
      case TOOL -> span.setAttribute("gen_ai.tool.name", target.name());
      case PROMPT -> span.setAttribute("gen_ai.prompt.name", target.name());
      case RESOURCE -> span.setAttribute("mcp.resource.uri", target.name());
      case AGENT -> span.setAttribute("gen_ai.agent.name", target.server());
      case MODEL ->
          span.setAttribute("gen_ai.provider.name", target.server())
              .setAttribute("gen_ai.request.model", target.name());
      case TOOL_SERVER, ADDRESS -> {}
    }
    span.setAttribute("margay.server", target.server());
    span.setAttribute("margay.action", call.action());
    span.setAttribute("margay.caller", call.caller().workload());
    span.setAttribute("margay.hop", call.trace().hopId());
  }

  private static void describe(Span span, Ruling ruling) {
    span.setAttribute("margay.verdict", ruling.verdict().name());
    span.setAttribute("margay.tier", ruling.tier());
    span.setAttribute("margay.policies", String.join(",", ruling.policies()));
  }
}
