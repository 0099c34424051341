package io.margay.console.agents;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.call.Verdict;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.model.resource.Agent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads from a request which calls somebody wants. */
final class CallFilter {
  private CallFilter() {}

  /**
   * A query for decisions.
   *
   * @throws HttpFailure 400 for a verdict or time that is none; 403 for a policy that the asker may
   *     not see
   */
  static AuditQuery of(Exchange exchange, RegistrySnapshot registry, boolean policies) {
    AuditQuery query = AuditQuery.newest().with("kind", AuditKind.DECISION.name());
    query = with(query, "agent", exchange.query("agent").map(name -> workload(registry, name)));
    query = with(query, "user", exchange.query("user"));
    query = with(query, "target", exchange.query("target"));
    query = with(query, "verdict", exchange.query("verdict").map(CallFilter::verdict));
    Optional<String> policy = exchange.query("policy");
    if (policy.isPresent() && !policies) {
      throw new HttpFailure(403, exchange.caller().user() + " may not list agentpolicies");
    }
    query = with(query, "policy", policy);
    return query.between(time(exchange, "since"), time(exchange, "until"));
  }

  private static AuditQuery with(AuditQuery query, String name, Optional<String> value) {
    return value.isPresent() ? query.with(name, value.get()) : query;
  }

  /** Agents are asked for by name; records have their SPIFFE ids. */
  private static String workload(RegistrySnapshot registry, String name) {
    return workloads(registry).getOrDefault(name, name);
  }

  /** The SPIFFE ids of agents by their names. */
  static Map<String, String> workloads(RegistrySnapshot registry) {
    Map<String, String> ids = new TreeMap<>();
    registry.bySpiffeId().forEach((id, agent) -> ids.put(name(agent), id));
    return ids;
  }

  private static String name(Agent agent) {
    return agent.metadata().name();
  }

  private static String verdict(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (Arrays.stream(Verdict.values()).noneMatch(verdict -> verdict.name().equals(upper))) {
      throw HttpFailure.badRequest("verdict \"" + text + "\" is none of permit, deny, hold");
    }
    return upper;
  }

  static Optional<Instant> time(Exchange exchange, String name) {
    return exchange
        .query(name)
        .map(text -> {
          try {
            return Instant.parse(text);
          } catch (DateTimeException e) {
            throw HttpFailure.badRequest(
                name + " \"" + text + "\" is not a time such as 2026-11-27T10:00:00Z");
          }
        });
  }
}
