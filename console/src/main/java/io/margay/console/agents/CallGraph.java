package io.margay.console.agents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.query.AuditPage;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Target;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.resource.Agent;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Who called whom in a time, and what was said to it. */
final class CallGraph {
  /** Calls that are added up; older ones of a longer time are left out, and that is said. */
  private static final int MOST = 50_000;

  private final RegistrySnapshot registry;
  private final boolean byTool;
  private final Map<String, ObjectNode> nodes = new TreeMap<>();
  private final Map<String, Edge> edges = new TreeMap<>();
  private boolean truncated;

  private static final class Edge {
    private final String source;
    private final String dest;
    private long permitted;
    private long denied;
    private long held;
    private long pendingDiffers;

    Edge(String source, String dest) {
      this.source = source;
      this.dest = dest;
    }
  }

  private CallGraph(RegistrySnapshot registry, boolean byTool) {
    this.registry = registry;
    this.byTool = byTool;
  }

  /**
   * Adds up what a query finds.
   *
   * @param byTool whether tools and models have nodes of their own, or their servers
   */
  static CallGraph of(
      RegistrySnapshot registry, AuditSearch search, AuditQuery query, boolean byTool)
      throws IOException {
    CallGraph graph = new CallGraph(registry, byTool);
    AuditPage page = search.find(query.limit(MOST));
    graph.truncated = page.before().isPresent();
    page.records().forEach(graph::add);
    return graph;
  }

  private void add(AuditRecord record) {
    AuditEvent event = record.event();
    if (event.caller().isEmpty() || event.attempt().isEmpty() || event.decision().isEmpty()) {
      return;
    }
    String workload = event.caller().get().workload();
    Agent agent = registry.bySpiffeId().get(workload);
    String source = node("agent", agent == null ? workload : agent.metadata().name(), "");
    String dest = target(event.attempt().get().target());
    Edge edge = edges.computeIfAbsent(source + "\n" + dest, _ -> new Edge(source, dest));
    AgentDecision decision = event.decision().get();
    switch (decision.enforced().verdict()) {
      case PERMIT -> edge.permitted++;
      case DENY -> edge.denied++;
      case HOLD -> edge.held++;
    }
    if (decision.enforced().verdict() != decision.pending().verdict()) {
      edge.pendingDiffers++;
    }
  }

  private String target(Target target) {
    String name = byTool ? target.name() : "";
    return switch (target.kind()) {
      case AGENT -> node("agent", target.server(), "");
      case MODEL -> node("model", target.server(), name);
      case TOOL, RESOURCE, PROMPT, TOOL_SERVER -> node("tool", target.server(), name);
      case ADDRESS -> node("address", target.server(), "");
    };
  }

  private String node(String kind, String server, String name) {
    String id = kind + ":" + server + (name.isEmpty() ? "" : "/" + name);
    nodes.computeIfAbsent(
        id,
        _ ->
            AgentAccess.object()
                .put("id", id)
                .put("kind", kind)
                .put("name", server + (name.isEmpty() ? "" : "/" + name)));
    return id;
  }

  ObjectNode json() {
    ObjectNode json = AgentAccess.object().put("truncated", truncated);
    ArrayNode all = json.putArray("nodes");
    nodes.values().forEach(all::add);
    ArrayNode lines = json.putArray("edges");
    for (Edge edge : edges.values()) {
      lines
          .addObject()
          .put("source", edge.source)
          .put("dest", edge.dest)
          .put("permitted", edge.permitted)
          .put("denied", edge.denied)
          .put("held", edge.held)
          .put("pending_differs", edge.pendingDiffers);
    }
    return json;
  }
}
