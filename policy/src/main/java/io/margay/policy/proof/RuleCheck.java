package io.margay.policy.proof;

import io.margay.model.net.IpFamily;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.RuleReview;
import io.margay.policy.engine.RuleUse;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.PlaceKind.Pair;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which rules of a cluster's enforced policies are needed, each with all others in place. It
 * looks at every packet that a proof looks at, at each of its two ends by itself. What a host
 * forwards, and what it is sent before NAT, may have any address: there a rule counts as needed if
 * it is for any of them.
 */
public final class RuleCheck {
  private final DecisionTables tables = new DecisionTables();
  private final RuleReview review;
  private final List<Place> places;

  /** Addresses by their class, of one family each. */
  private final Map<Integer, List<Place>> byClass = new LinkedHashMap<>();

  /** Addresses of endpoints by the group that judges them. */
  private final Map<Side, List<Place>> byGroup = new LinkedHashMap<>();

  /** Groups that may judge traffic of any address. */
  private final Set<Integer> open = new HashSet<>();

  private record Side(int group, IpFamily family) {}

  private RuleCheck(Map<ResourceKey, Resource> resources, Failsafes failsafes) {
    PolicyEngine engine = new PolicyEngine(Scope.allNodes(), failsafes);
    resources.values().forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
    tables.apply(engine.flush());
    this.review = engine.reviewRules();
    this.places = Places.of(List.of(tables), List.of());
  }

  /**
   * Every rule of an enforced policy.
   *
   * @param failsafes those with which the nodes run
   */
  public static List<RuleUse> of(Map<ResourceKey, Resource> resources, Failsafes failsafes) {
    RuleCheck check = new RuleCheck(resources, failsafes);
    check.sort();
    check.look();
    return check.review.uses();
  }

  private void sort() {
    for (Place place : places) {
      int peerClass = tables.peerClass(place.address());
      byClass.computeIfAbsent(peerClass, _ -> new ArrayList<>()).add(place);
      JudgedEndpoint endpoint =
          place.endpoint() == null ? null : tables.endpoints().get(place.endpoint());
      if (endpoint == null) {
        continue;
      }
      for (Direction direction : Direction.values()) {
        Judge judge = endpoint.judge(direction, Stage.NORMAL);
        if (judge != null) {
          Side side = new Side(judge.group(peerClass), place.address().family());
          byGroup.computeIfAbsent(side, _ -> new ArrayList<>()).add(place);
        }
      }
    }
    for (JudgedEndpoint endpoint : tables.endpoints().values()) {
      endpoint
          .judges()
          .forEach((point, judge) -> {
            if (point.stage() != Stage.NORMAL || endpoint.addresses().isEmpty()) {
              open.add(judge.usual());
              open.addAll(judge.groups().values());
            }
          });
    }
  }

  private void look() {
    for (int group : open) {
      byClass.keySet().forEach(peerClass -> review.look(group, peerClass));
    }
    byGroup.forEach((side, here) ->
        byClass.forEach((peerClass, there) -> {
          boolean sameFamily = side.family() == there.getFirst().address().family();
          if (sameFamily && Pair.of(here, there) != null) {
            review.look(side.group(), peerClass);
          }
        }));
  }
}
