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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the status of the registry's resources whether they are used: the condition {@code Ready}
 * with what is wrong as its message. Writing is best effort and never holds up decisions: only the
 * newest state is written, and what another writer changed meanwhile is left for the next one.
 */
public final class StatusWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StatusWriter.class);

  private static final int LONGEST_MESSAGE = 4_000;

  private final ResourceStore store;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Map<ResourceKey, List<Problem>>> next =
      new AtomicReference<>();
  private final Object wake = new Object();
  private final Thread thread;

  /** Writes to a store, which stays the caller's. */
  public StatusWriter(ResourceStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("agent-status").start(this::run);
  }

  /** Takes what is wrong now, by resource; resources that are not named are well. */
  public void tell(Map<ResourceKey, List<Problem>> problems) {
    synchronized (wake) {
      next.set(Map.copyOf(problems));
      wake.notifyAll();
    }
  }

  private void run() {
    try {
      while (true) {
        write(take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<ResourceKey, List<Problem>> take() throws InterruptedException {
    synchronized (wake) {
      while (true) {
        Map<ResourceKey, List<Problem>> taken = next.getAndSet(null);
        if (taken != null) {
          return taken;
        }
        wake.wait();
      }
    }
  }

  private void write(Map<ResourceKey, List<Problem>> problems) {
    for (Kind kind : AgentRegistry.KINDS) {
      if (kind == Kind.TIER) {
        continue;
      }
      try {
        for (KubeObject object : store.list(kind, "").items()) {
          changed(object, problems.getOrDefault(object.key(), List.of()))
              .ifPresent(store::updateStatus);
        }
      } catch (StoreException e) {
        log.info("The status of {} is not up to date: {}", kind.plural(), e.getMessage());
      }
    }
  }

  /** The object with another status; empty where its status is right already. */
  private Optional<KubeObject> changed(KubeObject object, List<Problem> problems) {
    String status = problems.isEmpty() ? "True" : "False";
    String message = message(problems);
    ObjectNode json = object.json().deepCopy();
    ArrayNode conditions = json.withObjectProperty("status").withArrayProperty("conditions");
    JsonNode before = null;
    List<JsonNode> others = new ArrayList<>();
    for (JsonNode condition : conditions) {
      if (condition.path("type").asText().equals("Ready")) {
        before = condition;
      } else {
        others.add(condition);
      }
    }
    String since = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    if (before != null && before.path("status").asText().equals(status)) {
      if (before.path("message").asText().equals(message)) {
        return Optional.empty();
      }
      since = before.path("lastTransitionTime").asText(since);
    }
    conditions.removeAll();
    others.forEach(conditions::add);
    conditions
        .addObject()
        .put("type", "Ready")
        .put("status", status)
        .put("reason", problems.isEmpty() ? "InUse" : "Refused")
        .put("message", message)
        .put("lastTransitionTime", since);
    return Optional.of(new KubeObject(object.kind(), json));
  }

  private static String message(List<Problem> problems) {
    String text = problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
  }

  /** Stops writing; what was not written yet stays unwritten. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
