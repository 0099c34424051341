package io.margay.agents.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the status of the registry's resources whether they are used: the condition {@code Ready}
 * with what is wrong as its message, and for tool servers {@code ToolsApproved}. Writing is best
 * effort and never holds up decisions: only the newest state is written, and what another writer
 * changed meanwhile is left for the next one. Nothing is said twice about an object, so that
 * gateways that see it differently do not write against each other for ever.
 */
public final class StatusWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  private static final int LONGEST_MESSAGE = 4_000;

  private final ResourceStore store;
  private final InstantSource clock;
  private final Object wake = new Object();
  private final Thread thread;
  private @Nullable State next;
  private boolean closed;

  /** What this writer said last: by the object's uid and the condition's type. Of its thread. */
  private Map<String, Condition> said = Map.of();

  /** What is wrong, by resource. */
  private record State(
      Map<ResourceKey, List<Problem>> problems, Map<ResourceKey, List<Problem>> tools) {}

  private record Condition(String type, String status, String reason, String message) {
    static Condition of(String type, List<Problem> problems, String well, String wrong) {
      return problems.isEmpty()
          ? new Condition(type, "True", well, "")
          : new Condition(type, "False", wrong, text(problems));
    }

    private static String text(List<Problem> problems) {
      String text = problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
      return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
    }

    boolean isSaidBy(JsonNode json) {
      return json.path("status").asText().equals(status)
          && json.path("message").asText().equals(message);
    }
  }

  /** Writes to a store, which stays the caller's. */
  public StatusWriter(ResourceStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("agent-status").start(this::run);
  }

  /**
   * Takes what is wrong now.
   *
   * @param problems by resource; resources that are not named are well
   * @param tools definitions of tools that are not approved, by tool server; of those that are not
   *     named nothing is known
   */
  public void tell(
      Map<ResourceKey, List<Problem>> problems, Map<ResourceKey, List<Problem>> tools) {
    synchronized (wake) {
      next = new State(Map.copyOf(problems), Map.copyOf(tools));
      wake.notifyAll();
    }
  }

  private void run() {
    try {
      for (State state = take(); state != null; state = take()) {
        write(state);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The newest state, once; null when there will be no more. */
  private @Nullable State take() throws InterruptedException {
    synchronized (wake) {
      while (next == null && !closed) {
        wake.wait();
      }
      State taken = closed ? null : next;
      next = null;
      return taken;
    }
  }

  private void write(State state) {
    Map<String, Condition> saying = new HashMap<>();
    for (Kind kind : AgentRegistry.KINDS) {
      if (!kind.group().equals(Kind.AGENT.group())) {
        continue;
      }
      try {
        for (KubeObject object : store.list(kind, "").items()) {
          write(object, conditions(object.key(), state), saying);
        }
      } catch (StoreException e) {
        log.info("The status of {} is not up to date: {}", kind.plural(), e.getMessage());
      }
    }
    said = saying;
  }

  private static List<Condition> conditions(ResourceKey key, State state) {
    List<Condition> conditions = new ArrayList<>();
    List<Problem> problems = state.problems.getOrDefault(key, List.of());
    conditions.add(Condition.of("Ready", problems, "InUse", "Refused"));
    List<Problem> tools = state.tools.get(key);
    if (tools != null) {
      conditions.add(Condition.of("ToolsApproved", tools, "Approved", "DefinitionChanged"));
    }
    return conditions;
  }

  private void write(KubeObject object, List<Condition> conditions, Map<String, Condition> saying) {
    String uid = object.json().at("/metadata/uid").asText();
    List<Condition> fresh =
        conditions.stream().filter(one -> !one.equals(said.get(uid + one.type()))).toList();
    try {
      changed(object, fresh).ifPresent(store::updateStatus);
      conditions.forEach(one -> saying.put(uid + one.type(), one));
    } catch (StoreException e) {
      log.info("The status of {} is not up to date: {}", object.key(), e.getMessage());
    }
  }

  /** The object with other conditions; empty where they stand there already. */
  private Optional<KubeObject> changed(KubeObject object, List<Condition> conditions) {
    ObjectNode json = object.json().deepCopy();
    ArrayNode all = json.withObjectProperty("status").withArrayProperty("conditions");
    boolean changed = false;
    for (Condition condition : conditions) {
      changed |= put(all, condition);
    }
    return changed ? Optional.of(new KubeObject(object.kind(), json)) : Optional.empty();
  }

  private boolean put(ArrayNode all, Condition condition) {
    String since = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    for (int i = 0; i < all.size(); i++) {
      JsonNode before = all.get(i);
      if (before.path("type").asText().equals(condition.type())) {
        if (condition.isSaidBy(before)) {
          return false;
        }
        if (before.path("status").asText().equals(condition.status())) {
          since = before.path("lastTransitionTime").asText(since);
        }
        all.remove(i);
        break;
      }
    }
    all.addObject()
        .put("type", condition.type())
        .put("status", condition.status())
        .put("reason", condition.reason())
        .put("message", condition.message())
        .put("lastTransitionTime", since);
    return true;
  }

  /** Stops writing; what was not written yet stays unwritten. */
  @Override
  public void close() {
    synchronized (wake) {
      closed = true;
      wake.notifyAll();
    }
    thread.interrupt();
  }
}
