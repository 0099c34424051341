package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.MatchRule;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;
import it.unimi.dsi.fastutil.ints.IntSets;
import java.util.List;

/** The rules of a policy or profile for one direction. Equal only if they are the same object. */
final class CompiledRules {
  static final CompiledRules NONE = new CompiledRules(List.of(), Direction.INGRESS);

  private final List<CompiledRule> inOrder;
  private final IntSet localBases;

  private CompiledRules(List<CompiledRule> inOrder, Direction direction) {
    this.inOrder = inOrder;
    IntSet bases = new IntOpenHashSet(0);
    inOrder.forEach(rule -> rule.local(direction).forEachBase(bases::add));
    this.localBases = bases.isEmpty() ? IntSets.EMPTY_SET : bases;
  }

  static CompiledRules ask(List<MatchRule> rules, Direction direction, Answers answers) {
    return new CompiledRules(CompiledRule.ask(rules, answers), direction);
  }

  void forget(Answers answers) {
    CompiledRule.forget(inOrder, answers);
  }

  boolean isEmpty() {
    return inOrder.isEmpty();
  }

  int size() {
    return inOrder.size();
  }

  CompiledRule get(int index) {
    return inOrder.get(index);
  }

  /** The base facts that the rules ask about the endpoint's own side. */
  IntSet localBases() {
    return localBases;
  }
}
