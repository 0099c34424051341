package io.margay.cedar.eval;

import io.margay.cedar.Request;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.Template;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.IndexKey.Anything;
import io.margay.cedar.persistent.ShardedMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides requests, as Cedar does: any satisfied forbid denies; else any satisfied permit allows;
 * else nothing allows. A policy that cannot be evaluated counts as not satisfied and is reported:
 * mind that a forbid in error forbids nothing. {@link StrictAuthorizer} fails closed instead.
 *
 * <p>Immutable: changes give new authorizers that share what did not change, so that threads may go
 * on deciding with the old one until they see the new.
 */
public final class Authorizer {
  private final PolicySet policies;
  private final ShardedMap<String, Placed> placed;
  private final PolicyIndex index;
  private final PolicySetHash hash;
  private final String hashText;
  private final SharedTests tests;
  private final FramePool frames;

  private record Placed(CompiledPolicy policy, IndexKey key, String hash) {}

  private Authorizer(
      PolicySet policies,
      ShardedMap<String, Placed> placed,
      PolicyIndex index,
      PolicySetHash hash,
      SharedTests tests,
      FramePool frames) {
    this.policies = policies;
    this.placed = placed;
    this.index = index;
    this.tests = tests;
    this.frames = frames;
    this.hash = hash;
    this.hashText = hash.toString();
  }

  /** Compiles a policy set. */
  public static Authorizer of(PolicySet policies) {
    SharedTests tests = SharedTests.of(policies.policies().values());
    Map<String, List<IndexKey>> keys = new HashMap<>();
    Map<IndexKey, Integer> counts = new HashMap<>();
    for (Policy policy : policies.policies().values()) {
      List<IndexKey> ofPolicy = IndexKeys.of(policy);
      keys.put(policy.id(), ofPolicy);
      ofPolicy.forEach(key -> counts.merge(key, 1, Integer::sum));
    }
    Map<String, Placed> placed = HashMap.newHashMap(keys.size());
    Map<CompiledPolicy, IndexKey> index = new LinkedHashMap<>();
    for (Policy policy : policies.policies().values()) {
      // The key that fewest policies have leads to the fewest that do not fit.
      IndexKey rarest =
          keys.getOrDefault(policy.id(), List.of()).stream()
              .min(Comparator.comparing(key -> counts.getOrDefault(key, 0)))
              .orElse(Anything.ANYTHING);
      CompiledPolicy compiled = compile(policy, rarest, tests);
      placed.put(policy.id(), new Placed(compiled, rarest, PolicySetHash.of(policy)));
      index.put(compiled, rarest);
    }
    return new Authorizer(
        policies,
        ShardedMap.of(placed),
        PolicyIndex.of(index),
        PolicySetHash.of(placed.values().stream().map(Placed::hash).toList()),
        tests,
        new FramePool());
  }

  /** A policy that is only asked where the key holds. */
  private static CompiledPolicy compile(Policy policy, IndexKey key, SharedTests tests) {
    List<BoolNode> conditions = new ArrayList<>();
    for (Condition condition : policy.conditions()) {
      BoolNode body = tests.condition(condition.body());
      conditions.add(
          switch (condition.kind()) {
            case WHEN -> body;
            case UNLESS -> frame -> !body.test(frame);
          });
    }
    return new CompiledPolicy(policy, ScopeTest.of(policy).given(key), conditions);
  }

  /** Decides a request. */
  public Decision decide(Request request, Entities entities) {
    return decide(request, entities, false);
  }

  /**
   * Decides a request.
   *
   * @param noteReads whether the decision says which attributes were looked at
   */
  public Decision decide(Request request, Entities entities, boolean noteReads) {
    Frame frame = frames.take();
    try {
      frame.start(request, entities, noteReads);
      index.evaluate(frame);
      return frame.decision(hashText);
    } finally {
      frames.giveBack(frame);
    }
  }

  public PolicySet policies() {
    return policies;
  }

  /** Names the policy set by its contents: SHA-256 in hexadecimal digits. */
  public String policySetHash() {
    return hashText;
  }

  /**
   * With one more static policy or template.
   *
   * @throws io.margay.cedar.ast.PolicySetException when the id is in use
   */
  public Authorizer with(Template template) {
    PolicySet changed = policies.with(template);
    return template.isStatic()
        ? added(changed, Policy.of(template))
        : new Authorizer(changed, placed, index, hash, tests, frames);
  }

  /**
   * With one more link of a template of the set.
   *
   * @throws io.margay.cedar.ast.PolicySetException as of {@link PolicySet#with(Policy)}
   */
  public Authorizer with(Policy link) {
    return added(policies.with(link), link);
  }

  private Authorizer added(PolicySet changed, Policy policy) {
    IndexKey rarest =
        IndexKeys.of(policy).stream()
            .min(Comparator.comparingInt(index::size))
            .orElse(Anything.ANYTHING);
    CompiledPolicy compiled = compile(policy, rarest, tests);
    Placed one = new Placed(compiled, rarest, PolicySetHash.of(policy));
    return new Authorizer(
        changed,
        placed.with(policy.id(), one),
        index.with(compiled, rarest),
        hash.with(one.hash()),
        tests,
        frames);
  }

  /**
   * Without a static policy or a link.
   *
   * @throws io.margay.cedar.ast.PolicySetException when there is none of this id
   */
  public Authorizer withoutPolicy(String id) {
    PolicySet changed = policies.withoutPolicy(id);
    Placed gone = placed.get(id);
    return gone == null
        ? this
        : new Authorizer(
            changed,
            placed.with(id, null),
            index.without(gone.policy(), gone.key()),
            hash.without(gone.hash()),
            tests,
            frames);
  }

  @Override
  public String toString() {
    return policies + ", " + hashText;
  }
}
