package io.margay.console.agents;

import io.margay.agents.assess.Assessment;
import io.margay.agents.assess.AssessmentJson;
import io.margay.agents.assess.AuditFigures;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.verify.Verifier;
import io.margay.console.http.Exchange;
import io.margay.console.http.Route;
import io.margay.model.resource.Kind;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** How well the agents are governed, computed anew for each question. */
final class AssessmentEndpoint {
  /** Newest records that figures are taken from; verification reads all. */
  private static final long MOST_RECORDS = 100_000;

  private final AgentSources sources;
  private final AuditSearch search;
  private final InstantSource clock;

  AssessmentEndpoint(AgentSources sources, AuditSearch search, InstantSource clock) {
    this.sources = sources;
    this.search = search;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(Route.get("/api/v1/agents/assessment", this::assess));
  }

  private void assess(Exchange exchange) throws IOException {
    AgentAccess.requireList(exchange, Kind.AGENT);
    AgentAccess.requireList(exchange, Kind.AGENT_POLICY);
    AuditFigures figures =
        AuditFigures.read(search, Optional.empty(), MOST_RECORDS, clock.instant());
    Assessment assessment =
        Assessment.of(
            sources.registry().get(),
            sources.decider(),
            figures,
            Verifier.verify(sources.auditDirectory(), Optional.empty(), List.of()));
    AgentAccess.answer(
        exchange,
        AssessmentJson.of(assessment)
            .put("at", clock.instant().toString())
            .put("records", figures.records()));
  }
}
