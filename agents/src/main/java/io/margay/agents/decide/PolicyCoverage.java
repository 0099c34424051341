package io.margay.agents.decide;

import io.margay.agents.registry.RegistrySnapshot;
import io.margay.cedar.partial.EntityPart;
import io.margay.cedar.partial.PartialDecision;
import io.margay.cedar.partial.PartialEvaluator;
import io.margay.cedar.partial.PartialRequest;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which enforced policies may have a say about each agent and each thing that agents call, whatever
 * the rest of a call is. What no policy speaks of is denied everything, or to everybody.
 *
 * @param agents names of policies by agent, as the one that calls
 * @param targets the same by {@code server/tool}, {@code provider/model} or agent, as the called
 */
public record PolicyCoverage(Map<String, Set<String>> agents, Map<String, Set<String>> targets) {

  /**
   * With a user and without one. Unknown, it would hide what stands behind it in a condition, since
   * nobody could tell that it is no error.
   */
  private static final List<RecordValue> CONTEXTS =
      List.of(
          RecordValue.of(Map.of("has_user", BoolValue.of(true))),
          RecordValue.of(Map.of("has_user", BoolValue.of(false))));

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
      for (RecordValue context : CONTEXTS) {
        PartialDecision decision =
            PartialEvaluator.evaluate(
                tier.authorizer().policies(),
                new PartialRequest(principal, EntityPart.Unknown.UNKNOWN, resource, context, false),
                registry.entities());
        Stream.of(decision.satisfied(), decision.inError(), decision.residual().policies().keySet())
            .flatMap(Collection::stream)
            .forEach(id -> names.add(CompiledPolicy.nameOf(id)));
      }
    }
    return names;
  }
}
