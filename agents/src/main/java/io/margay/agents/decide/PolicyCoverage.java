package io.margay.agents.decide;

import io.margay.agents.registry.RegistrySnapshot;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.partial.EntityPart;
import io.margay.cedar.partial.PartialDecision;
import io.margay.cedar.partial.PartialEvaluator;
import io.margay.cedar.partial.PartialRequest;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which enforced policies may have a say about each agent and each thing that agents call, whatever
 * the rest of a call is. What no policy speaks of is denied everything, or to everybody.
 *
 * @param agents names of policies by agent, as the one that calls
 * @param targets the same by {@code server/tool}, {@code provider/model} or agent, as the called
 */
public record PolicyCoverage(Map<String, Set<String>> agents, Map<String, Set<String>> targets) {

  public PolicyCoverage {
    agents = Collections.unmodifiableMap(new TreeMap<>(agents));
    targets = Collections.unmodifiableMap(new TreeMap<>(targets));
  }

  static PolicyCoverage of(RegistrySnapshot registry, List<TierPolicies> tiers) {
    Map<String, Set<String>> agents = new TreeMap<>();
    Map<String, Set<String>> targets = new TreeMap<>();
    EntityPart anything = EntityPart.Unknown.UNKNOWN;
    registry
        .agents()
        .keySet()
        .forEach(name -> {
          EntityPart agent = EntityPart.known(EntityUid.of("Agent", name));
          agents.put(name, speaking(registry, tiers, agent, anything));
          targets.put(name, speaking(registry, tiers, anything, agent));
        });
    registry
        .toolServers()
        .forEach((server, known) ->
            known
                .spec()
                .tools()
                .forEach(tool -> {
                  String id = server + "/" + tool.name();
                  EntityPart part = EntityPart.known(EntityUid.of("Tool", id));
                  targets.put(id, speaking(registry, tiers, anything, part));
                }));
    registry
        .providers()
        .forEach((provider, known) ->
            known
                .spec()
                .models()
                .forEach(model -> {
                  String id = provider + "/" + model.name();
                  EntityPart part = EntityPart.known(EntityUid.of("Model", id));
                  targets.put(id, speaking(registry, tiers, anything, part));
                }));
    return new PolicyCoverage(agents, targets);
  }

  private static Set<String> speaking(
      RegistrySnapshot registry,
      List<TierPolicies> tiers,
      EntityPart principal,
      EntityPart resource) {
    Set<String> names = new TreeSet<>();
    for (TierPolicies tier : tiers) {
      PolicySet policies = tier.authorizer().policies();
      PartialDecision decision =
          PartialEvaluator.evaluate(
              policies,
              new PartialRequest(
                  principal, EntityPart.Unknown.UNKNOWN, resource, RecordValue.EMPTY, false),
              registry.entities());
      decision.satisfied().forEach(id -> names.add(CompiledPolicy.nameOf(id)));
      decision.inError().forEach(id -> names.add(CompiledPolicy.nameOf(id)));
      decision.residual().policies().keySet().forEach(id -> names.add(CompiledPolicy.nameOf(id)));
    }
    return names;
  }
}
