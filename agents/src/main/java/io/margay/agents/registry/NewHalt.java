package io.margay.agents.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * A halt that is about to be made.
 *
 * @param agent to stop; empty where a selector says whom
 * @param selector of agents; empty where one is named
 * @param time how long; empty until it is lifted
 */
public record NewHalt(
    Optional<String> agent, Optional<String> selector, String reason, Optional<Duration> time) {

  /** The AgentHalt object, with a name of its own. */
  public KubeObject object(Instant now) {
    String moment = Long.toString(now.toEpochMilli(), Character.MAX_RADIX).toLowerCase(Locale.ROOT);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("apiVersion", Kind.AGENT_HALT.apiVersion()).put("kind", Kind.AGENT_HALT.kind());
    json.putObject("metadata").put("name", agent.orElse("selected") + "-" + moment);
    ObjectNode spec = json.putObject("spec").put("reason", reason);
    agent.ifPresent(name -> spec.put("agent", name));
    selector.ifPresent(text -> spec.put("selector", text));
    time.ifPresent(
        length -> spec.put("until", now.plus(length).truncatedTo(ChronoUnit.SECONDS).toString()));
    return new KubeObject(Kind.AGENT_HALT, json);
  }
}
