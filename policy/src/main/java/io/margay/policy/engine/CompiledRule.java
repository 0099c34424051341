package io.margay.policy.engine;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.verdict.Direction;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.convert.Side;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A rule with its questions asked.
 *
 * @param families those that the rule can match at all
 */
record CompiledRule(
    MatchRule rule, SideQuestions source, SideQuestions destination, Set<IpFamily> families) {

  static List<CompiledRule> ask(List<MatchRule> rules, Answers answers) {
    List<CompiledRule> compiled = new ArrayList<>(rules.size());
    for (MatchRule rule : rules) {
      compiled.add(
          new CompiledRule(
              rule,
              SideQuestions.ask(rule.source(), false, answers),
              SideQuestions.ask(rule.destination(), true, answers),
              familiesOf(rule)));
    }
    return List.copyOf(compiled);
  }

  static void forget(List<CompiledRule> rules, Answers answers) {
    for (CompiledRule rule : rules) {
      rule.source.questions().forEach(answers::forget);
      rule.destination.questions().forEach(answers::forget);
    }
  }

  /** The questions about the endpoint's own side. */
  SideQuestions local(Direction direction) {
    return direction == Direction.INGRESS ? destination : source;
  }

  /** The questions about the far side. */
  SideQuestions remote(Direction direction) {
    return direction == Direction.INGRESS ? source : destination;
  }

  /** Prefixes, also negated ones, tie a rule to their family, as in Calico. */
  private static Set<IpFamily> familiesOf(MatchRule rule) {
    Set<IpFamily> families = EnumSet.allOf(IpFamily.class);
    if (rule.family() != null) {
      families.retainAll(EnumSet.of(rule.family()));
    }
    for (Side side : List.of(rule.source(), rule.destination())) {
      for (List<Cidr> nets : List.of(side.nets(), side.notNets())) {
        if (!nets.isEmpty()) {
          families.removeIf(family -> nets.stream().noneMatch(net -> net.family() == family));
        }
      }
    }
    return families;
  }
}
