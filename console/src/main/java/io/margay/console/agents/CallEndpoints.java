package io.margay.console.agents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.query.AuditPage;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.query.TraceTree;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.console.access.Permissions.Verb;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.model.resource.Kind;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Calls of agents as the audit log has them: page by page, live, and as trees of traces. */
final class CallEndpoints {
  private static final int MOST = 500;
  private static final int USUAL = 100;

  private final AuditSearch search;
  private final Supplier<RegistrySnapshot> registry;
  private final CallStreams streams;

  CallEndpoints(AuditSearch search, Supplier<RegistrySnapshot> registry) {
    this.search = search;
    this.registry = registry;
    this.streams = new CallStreams(search);
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/agents/calls", this::calls),
        Route.get("/api/v1/agents/calls/stream", this::stream),
        Route.get("/api/v1/agents/traces/{id}", this::trace));
  }

  private void calls(Exchange exchange) throws IOException {
    CallJson writer = writer(exchange);
    AuditQuery query = CallFilter.of(exchange, writer.registry(), writer.policies());
    long before = exchange.queryNumber("before", -1);
    AuditPage page =
        search.find(
            query
                .before(before < 0 ? OptionalLong.empty() : OptionalLong.of(before))
                .limit(exchange.queryNumber("limit", USUAL, 1, MOST)));
    ObjectNode json = AgentAccess.object();
    ArrayNode calls = json.putArray("calls");
    for (AuditRecord decision : page.records()) {
      calls.add(writer.call(decision, search.about(decision.sequence())));
    }
    page.before().ifPresentOrElse(next -> json.put("before", next), () -> json.putNull("before"));
    AgentAccess.answer(exchange, json);
  }

  private void stream(Exchange exchange) throws IOException {
    CallJson writer = writer(exchange);
    AuditQuery query = CallFilter.of(exchange, writer.registry(), writer.policies());
    streams.follow(exchange, query, registry, writer.policies());
  }

  private void trace(Exchange exchange) throws IOException {
    CallJson writer = writer(exchange);
    String id = exchange.path("id");
    List<AuditRecord> records = search.trace(id);
    if (records.isEmpty()) {
      throw HttpFailure.notFound("the audit log has no record of trace " + id);
    }
    TraceTree tree = TraceTree.of(records);
    ObjectNode json = AgentAccess.object().put("trace", id);
    ArrayNode calls = json.putArray("calls");
    tree.roots().forEach(hop -> calls.add(writer.hop(hop)));
    ArrayNode others = json.putArray("others");
    tree.others().forEach(record -> others.add(writer.event(record)));
    AgentAccess.answer(exchange, json);
  }

  /** Refuses whoever may not see calls. */
  private CallJson writer(Exchange exchange) {
    AgentAccess.requireList(exchange, Kind.AGENT);
    return new CallJson(registry.get(), AgentAccess.may(exchange, Verb.LIST, Kind.AGENT_POLICY));
  }
}
