package io.margay.console.agents;

import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.console.http.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** All that is served about agents. */
public final class AgentRoutes {
  private AgentRoutes() {}

  public static List<Route> of(AgentSources sources, InstantSource clock) {
    AuditSearch search = new AuditSearch(new LogFiles(sources.auditDirectory()));
    AgentChanges changes = new AgentChanges(sources.store(), sources.audit(), clock);
    AgentPolicyEndpoints policies = new AgentPolicyEndpoints(sources, search);
    return Stream.of(
            policies.routes(),
            new AgentPolicyEditEndpoints(sources, changes, policies).routes(),
            new CallEndpoints(search, sources.registry()).routes(),
            new ApprovalEndpoints(sources.desk()).routes(),
            new AgentEndpoints(sources, search, clock).routes(),
            new AssessmentEndpoint(sources, search, clock).routes(),
            new HaltEndpoints(sources, changes, clock).routes())
        .flatMap(List::stream)
        .toList();
  }
}
