package io.margay.agents.gateway.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.gateway.Directory;
import io.margay.agents.gateway.Directory.ModelProvider;
import io.margay.agents.gateway.Directory.Price;
import io.margay.agents.gateway.Door;
import io.margay.agents.gateway.Forwarder;
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
import io.margay.agents.gateway.http.Upstream.Ask;
import io.margay.agents.gateway.llm.Budgets.Exceeded;
import io.margay.agents.gateway.llm.Budgets.Reservation;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Model providers, each under {@code /llm/NAME}: OpenAI-compatible and Anthropic APIs. */
public final class LlmDoor implements Door {
  /** A held call waits this long at most; clients of model APIs know nothing of "later". */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  /** Where a call is decided that a budget refuses. */
  private static final String BUDGETS = "budgets";

  private final Identities identities;
  private final Directory directory;
  private final CallGate gate;
  private final Onward onward;
  private final BudgetSource budgetSource;
  private final Budgets budgets;
  private final InstantSource clock;

  /** Which budgets a call draws from. */
  @FunctionalInterface
  public interface BudgetSource {
    /**
     * The accounts.
     *
     * @throws Exceeded when a budget may cover the call that cannot be read
     */
    List<Account> of(Caller caller, Target model) throws Exceeded;
  }

  public LlmDoor(
      Identities identities,
      Directory directory,
      CallGate gate,
      Onward onward,
      BudgetSource budgetSource,
      Budgets budgets,
      InstantSource clock) {
    this.identities = identities;
    this.directory = directory;
    this.gate = gate;
    this.onward = onward;
    this.budgetSource = budgetSource;
    this.budgets = budgets;
    this.clock = clock;
  }

  /** A call with all that is known of it. */
  private record Ongoing(
      Exchange exchange, ModelProvider provider, ModelApi api, ObjectNode body, AgentCall call) {}

  @Override
  public void serve(Exchange exchange, String name, String rest) throws IOException, Refusal {
    Caller caller = identities.identify(exchange, "llm/" + name);
    ModelProvider provider =
        directory
            .modelProvider(name)
            .orElseThrow(() -> new Refusal(404, "the registry has no ModelProvider " + name));
    try (Open open = gate.open().begin(caller)) {
      if (rest.equals("/v1/models") && exchange.method().equals("GET")) {
        models(exchange, provider, caller);
        return;
      }
      ModelApi api =
          ModelApi.of(rest)
              .orElseThrow(() ->
                  new Refusal(
                      404,
                      rest
                          + " is not served; known are "
                          + "/v1/chat/completions, /v1/responses, /v1/embeddings, /v1/messages and"
                          + " /v1/models"));
      if (!exchange.method().equals("POST")) {
        throw new Refusal(405, "send POST", Map.of("Allow", "POST"));
      }
      post(exchange, provider, api, caller, open);
    }
  }

  /** The models that the caller may use, of those that the registry has a price for. */
  private void models(Exchange exchange, ModelProvider provider, Caller caller) throws IOException {
    List<Target> all =
        provider.prices().keySet().stream()
            .sorted()
            .map(model -> new Target(Target.Kind.MODEL, provider.name(), model))
            .toList();
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = answer.putArray("data");
    for (Target model : directory.visible(caller, "invokeModel", all)) {
      data.addObject()
          .put("id", model.name())
          .put("object", "model")
          .put("owned_by", provider.name());
    }
    exchange.send(200, "application/json", StrictJson.write(answer), Map.of());
  }

  private void post(
      Exchange exchange, ModelProvider provider, ModelApi api, Caller caller, Open open)
      throws IOException, Refusal {
    byte[] bytes = exchange.body();
    JsonNode body;
    try {
      body = StrictJson.read(bytes);
    } catch (StrictJson.NotJson e) {
      refuse(exchange, provider, api, caller, e.reason());
      return;
    }
    if (!(body instanceof ObjectNode object)
        || !object.path("model").isTextual()
        || object.path("model").asText().isEmpty()) {
      refuse(exchange, provider, api, caller, "model: missing");
      return;
    }
    Target model = new Target(Target.Kind.MODEL, provider.name(), object.path("model").asText());
    AgentCall call =
        new AgentCall(
            Protocol.LLM,
            api.action(),
            caller,
            model,
            object,
            Traces.of(exchange.header("traceparent")),
            clock.instant());
    Ongoing ongoing = new Ongoing(exchange, provider, api, object, call);
    Price price = provider.prices().getOrDefault(model.name(), new Price(0, 0));
    Optional<Reservation> reservation = reserve(ongoing, price, bytes.length);
    if (reservation.isPresent()) {
      serve(ongoing, reservation.get(), price, open);
    }
  }

  /** A body that is refused as such never comes to the policies; its record is all there is. */
  private void refuse(
      Exchange exchange, ModelProvider provider, ModelApi api, Caller caller, String reason)
      throws IOException, Refusal {
    AgentCall call =
        new AgentCall(
            Protocol.LLM,
            api.action(),
            caller,
            new Target(Target.Kind.MODEL, provider.name(), ""),
            JsonNodeFactory.instance.objectNode(),
            Traces.of(exchange.header("traceparent")),
            clock.instant());
    gate.refuse(call, "protocol", reason);
    fail(exchange, api, 400, "invalid_request_error", reason, Map.of());
  }

  /** Reserves the most that a call may take; where it may not, says so and gives nothing. */
  private Optional<Reservation> reserve(Ongoing ongoing, Price price, int bytes)
      throws IOException {
    AgentCall call = ongoing.call();
    long input = ModelApi.inputTokens(bytes);
    long output = ongoing.api().outputTokens(ongoing.body());
    try {
      List<Account> accounts = budgetSource.of(call.caller(), call.target());
      return Optional.of(budgets.reserve(accounts, input + output, price.of(input, output)));
    } catch (Exceeded e) {
      gate.refuse(call, BUDGETS, e.reason());
      Map<String, String> later = Map.of("Retry-After", Long.toString(e.retryAfterSeconds()));
      fail(ongoing.exchange(), ongoing.api(), 429, "rate_limit_error", e.reason(), later);
    } catch (IOException e) {
      String reason = "budgets cannot be kept, so no model may be called: " + e.getMessage();
      gate.refuse(call, BUDGETS, reason);
      fail(ongoing, 503, "api_error", reason);
    }
    return Optional.empty();
  }

  private void serve(Ongoing ongoing, Reservation reservation, Price price, Open open)
      throws IOException {
    boolean begun = false;
    try {
      switch (gate.admit(ongoing.call(), LlmDoor::patience)) {
        case Admitted admitted -> {
          begun = true;
          forward(ongoing, admitted, new Metered(ongoing.exchange(), reservation, price), open);
        }
        case Admission.Denied denied ->
            fail(
                ongoing,
                403,
                "permission_error",
                Denials.sentence(ongoing.call(), denied)
                    + " (audit record %d)".formatted(denied.record()));
        case Admission.Held held ->
            fail(
                ongoing,
                403,
                "permission_error",
                "the call waits for approval " + held.approval() + ": call again when it is given");
        case Admission.Unrecorded(String reason) -> fail(ongoing, 503, "api_error", reason);
      }
    } finally {
      if (!begun) {
        reservation.cancel();
      }
    }
  }

  private void forward(Ongoing ongoing, Admitted admitted, Metered answer, Open open)
      throws IOException {
    ModelProvider provider = ongoing.provider();
    ObjectNode body = ongoing.body();
    if (onward.seesAnswers()
        && ongoing.api() == ModelApi.CHAT
        && body.path("stream").asBoolean()
        && !body.path("stream_options").path("include_usage").asBoolean()) {
      // Only so does a stream say what it took; the caller does not see the part that says it.
      body = body.deepCopy();
      body.putObject("stream_options").put("include_usage", true);
      answer.hideUsage();
    }
    if (!onward.seesAnswers()) {
      answer.costsWhatWasReserved();
    }
    Map<String, String> ours =
        Forwarder.headers(
            provider.credential().map(c -> Map.of(c.header(), c.value())).orElse(Map.of()),
            Traces.parentOf(ongoing.call().trace()));
    Ask ask =
        new Ask(
            "POST",
            URI.create(provider.uri().toString().replaceAll("/$", "") + ongoing.api().path()),
            provider.authorities(),
            ongoing.exchange().headers(),
            ours,
            StrictJson.write(body));
    try {
      onward.forward(ongoing.exchange(), ongoing.call(), admitted, open, ask, answer::write);
    } catch (Onward.Unreachable e) {
      fail(ongoing, 502, "api_error", e.reason());
    } finally {
      answer.settle();
    }
  }

  private static Duration patience(Ruling ruling) {
    Duration allowed =
        ruling.approval().map(hold -> Duration.ofSeconds(hold.seconds())).orElse(Duration.ZERO);
    return allowed.compareTo(LONGEST_WAIT) < 0 ? allowed : LONGEST_WAIT;
  }

  private static void fail(Ongoing ongoing, int status, String type, String message)
      throws IOException {
    fail(ongoing.exchange(), ongoing.api(), status, type, message, Map.of());
  }

  private static void fail(
      Exchange exchange,
      ModelApi api,
      int status,
      String type,
      String message,
      Map<String, String> headers)
      throws IOException {
    exchange.send(status, "application/json", StrictJson.write(api.error(type, message)), headers);
  }
}
