package io.margay.agents.gateway.parts;

import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.AgentPolicy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records what changes in the registry: which policies decide from now on, and who is halted. */
final class RegistryAudit {
  private static final Logger log = LoggerFactory.getLogger(RegistryAudit.class);

  private final AuditLog audit;
  private final InstantSource clock;
  private Map<String, AgentPolicy> policies = Map.of();
  private Set<AgentHalt> halts = Set.of();

  RegistryAudit(AuditLog audit, InstantSource clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /** Of one thread. */
  void take(RegistrySnapshot registry, String policySetHash) {
    Map<String, AgentPolicy> now = new HashMap<>();
    registry.policies().forEach(policy -> now.put(policy.metadata().name(), policy));
    now.forEach((name, policy) -> {
      AgentPolicy before = policies.get(name);
      if (before == null || !before.spec().equals(policy.spec())) {
        changed(name, before == null ? "added" : "changed", policySetHash);
      }
    });
    policies.keySet().stream()
        .filter(name -> !now.containsKey(name))
        .forEach(name -> changed(name, "removed", policySetHash));
    policies = now;

    Set<AgentHalt> standing = new HashSet<>();
    registry.halts().values().stream().flatMap(List::stream).forEach(standing::add);
    standing.stream().filter(halt -> !halts.contains(halt)).forEach(h -> halted(h, "halted"));
    halts.stream().filter(halt -> !standing.contains(halt)).forEach(h -> halted(h, "lifted"));
    halts = standing;
  }

  private void changed(String policy, String status, String hash) {
    append(Draft.policyChange("AgentPolicy/" + policy, status, "", hash, clock.instant()));
  }

  private void halted(AgentHalt halt, String status) {
    append(Draft.halt(halt.metadata().name(), status, "", halt.spec().reason(), clock.instant()));
  }

  /** A halt counts also when it cannot be recorded. */
  private void append(Draft draft) {
    try {
      audit.append(draft);
    } catch (AuditUnavailableException e) {
      log.warn("A change of the registry could not be recorded: {}", e.getMessage());
    }
  }
}
