package io.margay.policy.proof;

import io.margay.model.assertion.Assertion;
import io.margay.model.assertion.Assertion.Claim;
import io.margay.model.assertion.Peers;
import io.margay.model.net.Cidr;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.Proof.Counterexample;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.JudgedEndpoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves assertions for one state of the cluster, or finds the packet that contradicts them. Exact
 * for the verdicts that are enforced on new connections between two different endpoints, or between
 * an endpoint and any other address, on every protocol and port. What host endpoints do with
 * traffic that they only forward depends on routes, which nobody here knows: it is left out.
 */
public final class Prover {
  private final DecisionTables tables;
  private final PathDecider decider;
  private final View view;
  private final Members members;

  /**
   * A prover for one state of the cluster.
   *
   * @param resources not changed while proving
   * @param failsafes those with which the nodes run
   */
  public Prover(Map<ResourceKey, Resource> resources, Failsafes failsafes) {
    this.tables = tables(resources, failsafes);
    this.decider = new PathDecider(tables, resources);
    this.view = new View(tables, false, new Shapes());
    this.members = new Members(resources);
  }

  static DecisionTables tables(Map<ResourceKey, Resource> resources, Failsafes failsafes) {
    PolicyEngine engine = new PolicyEngine(Scope.allNodes(), failsafes);
    resources.values().forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
    DecisionTables tables = new DecisionTables();
    tables.apply(engine.flush());
    return tables;
  }

  /** Proves one assertion. */
  public Proof prove(Assertion assertion) {
    List<Place> places = Places.of(List.of(tables), cuts(assertion));
    List<String> warnings = new ArrayList<>();
    Set<Place> from = side(assertion.from(), places, warnings);
    Set<Place> to = side(assertion.to(), places, warnings);
    if (assertion.claim() == Claim.ONLY) {
      Set<Place> others = new LinkedHashSet<>(places);
      others.removeAll(from);
      from = others;
    }
    boolean excluded = assertion.claim() != Claim.ALWAYS;
    Search search =
        new Search(List.of(view), assertion.traffic(), allowed -> allowed[0] == excluded);
    Example found = search.find(from, to);
    if (search.pairs() == 0 && warnings.isEmpty()) {
      warnings.add("there is no traffic between the two sides that the cluster could judge");
    }
    return new Proof(
        assertion, warnings, search.pairs(), found == null ? null : counterexample(found));
  }

  private Set<Cidr> cuts(Assertion assertion) {
    Set<Cidr> cuts = members.nets();
    cuts.addAll(Peers.prefixes(assertion.from()));
    cuts.addAll(Peers.prefixes(assertion.to()));
    return cuts;
  }

  private Set<Place> side(List<Peers> side, List<Place> places, List<String> warnings) {
    Set<Place> all = new LinkedHashSet<>();
    for (Peers peers : side) {
      List<Place> named = members.of(peers, places);
      if (named.isEmpty()) {
        warnings.add(peers + " matches nothing");
      }
      all.addAll(named);
    }
    return all;
  }

  private Counterexample counterexample(Example found) {
    PathDecision decision =
        decider.decide(found.packet(), judged(found.from()), List.of(), judged(found.to()));
    return new Counterexample(found.from(), found.to(), decision);
  }

  private @Nullable JudgedEndpoint judged(Place place) {
    return place.endpoint() == null ? null : tables.endpoints().get(place.endpoint());
  }
}
