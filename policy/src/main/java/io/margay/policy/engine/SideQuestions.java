package io.margay.policy.engine;

import io.margay.model.net.Protocol;
import io.margay.model.selector.Selector;
import io.margay.policy.address.Answers;
import io.margay.policy.address.FactSet;
import io.margay.policy.address.Question;
import io.margay.policy.convert.Side;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntConsumer;
import java.util.ArrayList;
import java.util.List;

/**
 * What one side of a rule asks of an address, as base facts.
 *
 * @param questions all that were asked, to be forgotten with the rule
 * @param must facts that have to be true
 * @param mustNot facts that have to be false
 * @param service the service whose ports have to match, 0 for none
 * @param namedPorts whose ports are among those that may match
 * @param notNamedPorts whose ports must not match
 */
record SideQuestions(
    List<Question> questions,
    int[] must,
    int[] mustNot,
    int service,
    int[] namedPorts,
    int[] notNamedPorts) {

  /** Asks what a side wants to know. */
  static SideQuestions ask(Side side, boolean destination, Answers answers) {
    List<Question> asked = new ArrayList<>();
    IntArrayList must = new IntArrayList();
    IntArrayList mustNot = new IntArrayList();
    int service = 0;
    if (!side.nets().isEmpty()) {
      must.add(ask(new Question.InNets(side.nets()), asked, answers));
    }
    if (!side.notNets().isEmpty()) {
      mustNot.add(ask(new Question.InNets(side.notNets()), asked, answers));
    }
    if (side.selector() != null) {
      must.add(ask(new Question.Selected(side.selector()), asked, answers));
    }
    if (side.notSelector() != null) {
      mustNot.add(ask(new Question.Selected(side.notSelector()), asked, answers));
    }
    if (side.nodes() != null) {
      must.add(ask(new Question.OnNode(side.nodes()), asked, answers));
    }
    if (side.service() != null) {
      String namespace = side.service().namespace();
      String name = side.service().name();
      if (destination) {
        service = ask(new Question.ServicePorts(namespace, name), asked, answers);
        must.add(service);
      } else {
        must.add(ask(new Question.BehindService(namespace, name), asked, answers));
      }
    }
    Selector owners = side.namedPortOwners();
    int[] named = names(side.ports().names(), owners, asked, answers);
    if (named.length == 1 && side.ports().ranges().isEmpty()) {
      must.add(named[0]);
    }
    int[] notNamed = names(side.notPorts().names(), owners, asked, answers);
    return new SideQuestions(
        List.copyOf(asked), must.toIntArray(), mustNot.toIntArray(), service, named, notNamed);
  }

  private static int ask(Question question, List<Question> asked, Answers answers) {
    asked.add(question);
    return answers.ask(question);
  }

  private static int[] names(
      List<String> names, Selector owners, List<Question> asked, Answers answers) {
    return names.stream()
        .mapToInt(name -> ask(new Question.NamedPort(owners, name), asked, answers))
        .toArray();
  }

  /** Whether an address of which this is true satisfies the side, ports left aside. */
  boolean hold(FactSet facts) {
    for (int fact : must) {
      if (!facts.contains(fact)) {
        return false;
      }
    }
    for (int fact : mustNot) {
      if (facts.contains(fact)) {
        return false;
      }
    }
    return true;
  }

  /** Visits the base facts of all questions. */
  void forEachBase(IntConsumer visitor) {
    for (int[] facts : new int[][] {must, mustNot, namedPorts, notNamedPorts}) {
      for (int fact : facts) {
        visitor.accept(fact);
      }
    }
  }

  /** {@code protocol << 16 | port} as facts about ports have it. */
  static int portKey(Protocol protocol, int port) {
    return protocol.number() << 16 | port;
  }
}
