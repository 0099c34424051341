package io.margay.agents.decide;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Decider;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.Verdict;
import io.margay.agents.registry.CallRequest;
import io.margay.agents.registry.RefusedCallException;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.agents.registry.SessionFacts;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.eval.AttributeRead;
import io.margay.cedar.eval.PolicyError;
import io.margay.cedar.validate.StrictCheck;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Agent;
import io.margay.model.resource.AgentHalt;
import io.margay.model.resource.AgentPolicy;
import io.margay.model.resource.ResourceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides calls by the policies of the registry: tier by tier in their order; within a tier as
 * Cedar does; and what no tier decides is denied. Policies are changed by {@link #take} on one
 * thread, while others go on deciding with the edition that they see.
 */
public final class PolicyDecider implements Decider {
  private static final Logger log = LoggerFactory.getLogger(PolicyDecider.class);

  /** How the reason of what no policy decided begins. */
  private static final String NOTHING_PERMITS = "no policy permits ";

  private final String environment;
  private final Sessions sessions;
  private final PolicyBook book = new PolicyBook();
  private volatile @Nullable Governing governing;

  /** What is in force now. */
  private record Governing(RegistrySnapshot registry, PolicyBook.Edition policies) {}

  /**
   * Denies everything until it has taken a snapshot.
   *
   * @param environment of the gateway, which policies see as {@code context.environment}
   */
  public PolicyDecider(String environment, Sessions sessions) {
    this.environment = environment;
    this.sessions = sessions;
  }

  /** Decides by another state of the registry from now on. Of one thread. */
  public void take(RegistrySnapshot registry) {
    governing = new Governing(registry, book.take(registry));
  }

  /** Why policies are refused; they decide nothing. */
  public Map<ResourceKey, List<Problem>> problems() {
    Governing now = governing;
    return now == null ? Map.of() : now.policies().problems();
  }

  /** All that is wrong: with policies, and with what else is registered. */
  public Map<ResourceKey, List<Problem>> allProblems() {
    Governing now = governing;
    if (now == null) {
      return Map.of();
    }
    Map<ResourceKey, List<Problem>> all = new HashMap<>(now.registry().problems());
    all.putAll(now.policies().problems());
    return Map.copyOf(all);
  }

  /** Names the policies in force and the staged ones; empty before there are any. */
  public String policySetHash() {
    Governing now = governing;
    return now == null ? "" : now.policies().hash();
  }

  @Override
  public AgentDecision decide(AgentCall call) {
    Governing now = governing;
    if (now == null) {
      return refused("the registry was not read yet", "");
    }
    String hash = now.policies().hash();
    try {
      Optional<String> halted = halted(now.registry(), call);
      return halted.isPresent() ? refused(halted.get(), hash) : decide(now, call);
    } catch (RefusedCallException e) {
      return refused(e.reason(), hash);
    } catch (RuntimeException e) {
      log.error("A call could not be decided and is denied", e);
      return refused("the call could not be decided: " + e.getClass().getSimpleName(), hash);
    }
  }

  private AgentDecision decide(Governing now, AgentCall call) throws RefusedCallException {
    RegistrySnapshot registry = now.registry();
    SessionFacts facts = sessions.facts(call.caller(), registry.dataClasses(), call.at());
    CallRequest request = CallRequest.of(registry, call, facts, environment);
    Walk enforced = walk(now.policies().enforced(), request, call);
    Ruling pending =
        now.policies().pending() == now.policies().enforced()
            ? enforced.ruling()
            : walk(now.policies().pending(), request, call).ruling();
    if (enforced.ruling().verdict() != Verdict.DENY) {
      sessions.note(call.caller(), request.dataClasses(), facts.readDataClasses(), call.at());
    }
    return new AgentDecision(
        enforced.ruling(),
        pending,
        now.policies().hash(),
        enforced.errors().stream().map(PolicyError::toString).toList(),
        Reads.text(request.request(), enforced.reads()));
  }

  /** What the tiers say. */
  private record Walk(Ruling ruling, List<PolicyError> errors, List<AttributeRead> reads) {}

  private static Walk walk(List<TierPolicies> tiers, CallRequest request, AgentCall call) {
    List<PolicyError> errors = new ArrayList<>();
    List<AttributeRead> reads = new ArrayList<>();
    for (TierPolicies tier : tiers) {
      TierPolicies.Answer answer = tier.decide(request, true);
      errors.addAll(answer.errors());
      reads.addAll(answer.decision().reads());
      if (!request.argumentsVisible() && Reads.ofArguments(answer.decision().reads())) {
        String reason =
            "policies of tier "
                + tier.tier()
                + " look at arguments, which are not declared for "
                + call.target();
        return new Walk(denied(tier.tier(), reason), errors, reads);
      }
      if (answer.ruling().isPresent()) {
        return new Walk(answer.ruling().get(), errors, reads);
      }
    }
    String reason =
        NOTHING_PERMITS
            + call.action()
            + " of "
            + call.target()
            + NearestPolicy.hint(tiers, request);
    return new Walk(denied("", reason), errors, reads);
  }

  private static Ruling denied(String tier, String reason) {
    return new Ruling(Verdict.DENY, tier, List.of(), reason, Optional.empty());
  }

  private static AgentDecision refused(String reason, String hash) {
    Ruling ruling = denied("", reason);
    return new AgentDecision(ruling, ruling, hash, List.of(), List.of());
  }

  /** A halt stops what an agent calls, what others call for it, and what it is called for. */
  private static Optional<String> halted(RegistrySnapshot registry, AgentCall call) {
    List<String> workloads = new ArrayList<>(call.caller().chain());
    workloads.add(call.caller().workload());
    for (String workload : workloads) {
      Agent agent = registry.bySpiffeId().get(workload);
      Optional<String> halted =
          agent == null ? Optional.empty() : halted(registry, agent.metadata().name(), call);
      if (halted.isPresent()) {
        return halted;
      }
    }
    return call.target().kind() == Target.Kind.AGENT
        ? halted(registry, call.target().server(), call)
        : Optional.empty();
  }

  private static Optional<String> halted(RegistrySnapshot registry, String agent, AgentCall call) {
    return registry.haltOf(agent, call.at()).map(halt -> reason(agent, halt));
  }

  private static String reason(String agent, AgentHalt halt) {
    String why = halt.spec().reason();
    return "agent "
        + agent
        + " is halted by AgentHalt "
        + halt.metadata().name()
        + (why.isEmpty() ? "" : ": " + why);
  }

  /**
   * Which of some targets a caller may use, for some arguments at least: what a list shows to it.
   *
   * @param call any call of the caller with the action in question; its target and arguments do not
   *     matter
   */
  public List<Target> visible(AgentCall call, List<Target> targets) {
    Governing now = governing;
    if (now == null || halted(now.registry(), call).isPresent()) {
      return List.of();
    }
    Caller caller = call.caller();
    SessionFacts facts = sessions.facts(caller, now.registry().dataClasses(), call.at());
    return new VisibleTargets(now.registry(), now.policies().enforced(), environment)
        .of(call, facts, targets);
  }

  /** Whether a call was denied before policies were asked: by a halt, or as nothing that fits. */
  static boolean isRefusedUnasked(Ruling ruling) {
    return ruling.verdict() == Verdict.DENY
        && ruling.tier().isEmpty()
        && !ruling.reason().startsWith(NOTHING_PERMITS);
  }

  /** Names of the enforced policies that hold calls for people. */
  public Set<String> holding() {
    Governing now = governing;
    return now == null
        ? Set.of()
        : now.policies().enforced().stream()
            .flatMap(tier -> tier.holds().keySet().stream())
            .map(CompiledPolicy::nameOf)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Groups of users that enforced policies ask for by name. */
  public Set<String> namedGroups() {
    Governing now = governing;
    return now == null
        ? Set.of()
        : NamedGroups.of(
            now.policies().enforced().stream()
                .flatMap(tier -> tier.authorizer().policies().policies().values().stream())
                .toList());
  }

  /** Which of the enforced policies speak of whom. */
  public PolicyCoverage coverage() {
    Governing now = governing;
    return now == null
        ? new PolicyCoverage(Map.of(), Map.of())
        : PolicyCoverage.of(now.registry(), now.policies().enforced());
  }

  /**
   * What recorded calls would have been answered with another policy in force. A staged one counts
   * as enforced, in the place of the one that it replaces. Policies that are refused now are left
   * out.
   *
   * @param name of the policy that goes
   * @param proposed that comes in its place; empty when it is deleted
   * @param calls records of decisions
   */
  public PolicyPreview preview(
      String name, Optional<AgentPolicy> proposed, Collection<AuditRecord> calls) {
    Governing now = governing;
    if (now == null) {
      return new PolicyPreview(List.of(), 0, List.of(), 0);
    }
    Set<String> gone = new HashSet<>(List.of(name));
    proposed.map(policy -> policy.spec().replaces()).ifPresent(gone::add);
    List<AgentPolicy> usable =
        now.registry().policies().stream()
            .filter(policy -> !policy.spec().staged())
            .filter(policy -> !now.policies().problems().containsKey(policy.key()))
            .toList();
    List<AgentPolicy> before =
        usable.stream().filter(policy -> gone.contains(policy.metadata().name())).toList();
    List<AgentPolicy> after =
        new ArrayList<>(
            usable.stream().filter(policy -> !gone.contains(policy.metadata().name())).toList());
    List<AgentPolicy> come = proposed.map(PolicyDecider::enforced).stream().toList();
    after.addAll(come);
    PolicyBook.Edition changed = new PolicyBook().take(now.registry().withPolicies(after));
    List<Problem> problems =
        come.stream()
            .flatMap(policy -> changed.problems().getOrDefault(policy.key(), List.of()).stream())
            .toList();
    if (!problems.isEmpty()) {
      return new PolicyPreview(problems, 0, List.of(), 0);
    }
    PolicyReplay replay =
        new PolicyReplay(
            now.registry(),
            environment,
            List.of(policies(now.registry(), before), policies(now.registry(), come)),
            changed.enforced());
    return replay.all(calls);
  }

  private static AgentPolicy enforced(AgentPolicy policy) {
    AgentPolicy.Spec spec = policy.spec();
    return new AgentPolicy(
        policy.metadata(),
        new AgentPolicy.Spec(spec.tier(), spec.cedar(), AgentPolicy.Enforcement.ENFORCED, ""));
  }

  /** Cedar's policies of some resources, whatever their tiers. */
  private static PolicySet policies(RegistrySnapshot registry, List<AgentPolicy> policies) {
    StrictCheck check = new StrictCheck(registry.schema());
    PolicySet.Builder set = PolicySet.EMPTY.toBuilder();
    policies.forEach(
        policy -> CompiledPolicy.of(policy, registry, check).templates().forEach(set::add));
    return set.build();
  }
}
