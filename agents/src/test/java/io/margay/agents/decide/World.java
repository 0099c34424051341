package io.margay.agents.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import io.margay.agents.registry.AgentRegistry;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.AgentPolicy.Enforcement;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Resource;
import io.margay.model.selector.Selector;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A few agents and tools for tests, and calls among them. */
public final class World {
  public static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  static final JsonMapper JSON = new JsonMapper();
  private static final String DOMAIN = "margay.test";

  private World() {}

  /** The resources of {@code world.yaml}. */
  public static List<Resource> resources() {
    try (InputStream in = resource("world.yaml")) {
      Manifests.Result read = Manifests.read("world.yaml", in, Manifests.Options.STRICT);
      if (!read.ok()) {
        throw new IllegalStateException(read.problems().toString());
      }
      List<Resource> resources = new ArrayList<>();
      read.objects().forEach(object -> resources.add(ResourceDecoder.decode(object).resource()));
      return resources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InputStream resource(String name) {
    InputStream in = World.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("no test resource " + name);
    }
    return in;
  }

  public static RegistrySnapshot snapshot(List<? extends Resource> more) {
    List<Resource> all = new ArrayList<>(resources());
    all.addAll(more);
    return AgentRegistry.snapshot(DOMAIN, all);
  }

  /** A decider of the world and some policies. */
  public static PolicyDecider decider(List<? extends Resource> more) {
    PolicyDecider decider = new PolicyDecider("production", sessions());
    decider.take(snapshot(more));
    return decider;
  }

  static Sessions sessions() {
    return new Sessions(100, Duration.ofHours(1), Instant.MIN);
  }

  public static AgentPolicy policy(String name, String cedar) {
    return policy(name, "default", cedar, false, "");
  }

  static AgentPolicy policy(
      String name, String tier, String cedar, boolean staged, String replaces) {
    return new AgentPolicy(
        ObjectMeta.of("", name, Map.of()),
        new AgentPolicy.Spec(
            tier, cedar, staged ? Enforcement.STAGED : Enforcement.ENFORCED, replaces));
  }

  static AgentPolicy policy(JsonNode json) {
    return policy(
        json.path("name").asText(),
        json.path("tier").asText("default"),
        json.path("cedar").asText(),
        json.path("staged").asBoolean(),
        json.path("replaces").asText());
  }

  static AgentHalt halt(JsonNode json) {
    return new AgentHalt(
        ObjectMeta.of("", "halt", Map.of()),
        new AgentHalt.Spec(
            json.path("agent").asText(),
            json.has("selector") ? Selector.parse(json.path("selector").asText()) : null,
            json.path("reason").asText(),
            json.has("until") ? Instant.parse(json.path("until").asText()) : null));
  }

  static String id(String agent) {
    return agent.equals("analyst")
        ? "spiffe://example.org/agent/analyst"
        : "spiffe://" + DOMAIN + "/agent/" + agent;
  }

  static AgentCall call(JsonNode json) {
    String workload =
        json.has("workload") ? json.path("workload").asText() : id(json.path("agent").asText());
    List<String> chain = new ArrayList<>();
    json.path("chain").forEach(agent -> chain.add(id(agent.asText())));
    if (chain.isEmpty()) {
      chain.add(workload);
    }
    JsonNode arguments = json.path("arguments");
    return new AgentCall(
        Protocol.valueOf(json.path("protocol").asText("MCP")),
        json.path("action").asText(),
        new Caller(workload, user(json.path("user")), chain, "jti-1", List.of()),
        target(json.path("target").asText()),
        arguments.isMissingNode() ? JsonNodeFactory.instance.objectNode() : arguments,
        new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "hop-1"),
        NOW);
  }

  private static Optional<User> user(JsonNode json) {
    if (json.isMissingNode()) {
      return Optional.empty();
    }
    List<String> groups = new ArrayList<>();
    json.path("groups").forEach(group -> groups.add(group.asText()));
    return Optional.of(
        new User(json.path("issuer").asText(), json.path("subject").asText(), groups));
  }

  static Target target(String text) {
    int space = text.indexOf(' ');
    int slash = text.indexOf('/');
    return new Target(
        Target.Kind.valueOf(text.substring(0, space)),
        slash < 0 ? text.substring(space + 1) : text.substring(space + 1, slash),
        slash < 0 ? "" : text.substring(slash + 1));
  }

  /** A call of a tool. */
  public static AgentCall call(String agent, String tool, String arguments) {
    try {
      return call(
          JSON.createObjectNode()
              .put("agent", agent)
              .put("action", "invokeTool")
              .put("target", "TOOL " + tool)
              .set("arguments", JSON.readTree(arguments)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
