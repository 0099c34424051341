package io.margay.bench.calc;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import io.margay.model.selector.Selector;
import io.margay.policy.address.Answers;
import io.margay.policy.address.PeerItem;
import io.margay.policy.address.Question;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.label.LayeredLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of Felix's label-index benchmarks: an index is filled, then operations on it are timed. */
enum LabelLoad {
  /** Endpoints come while there are many selectors. */
  WORKLOAD_UPDATE {
    @Override
    Run prepare(int selectors) {
      Answers answers = new Answers();
      for (int i = 0; i < selectors; i++) {
        answers.ask(new Question.Selected(selector(i)));
      }
      answers.settle();
      return new Run(
          1_000,
          () -> {
            for (int n = 0; n < 1_000; n++) {
              answers.putPeer(endpoint(n));
            }
            answers.settle();
          },
          answers);
    }
  },

  /** Profiles change while there are many endpoints, one for each. */
  PARENT_UPDATES {
    @Override
    Run prepare(int endpoints) {
      PolicyEngine engine = new PolicyEngine(Scope.node(Inputs.HERE));
      List<Rule> rules = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        rules.add(
            Inputs.allowFrom(Selector.parse("projectcalico.org/name == 'namespace-" + i + "'")));
      }
      put(engine, Inputs.policy("parents", Selector.all(), rules, List.of()));
      put(engine, Inputs.pod("here", "one", Inputs.HERE, IpAddress.parse("10.1.0.1"), Map.of()));
      for (int n = 0; n < endpoints; n++) {
        put(engine, pod(n));
      }
      engine.flush();
      return new Run(
          endpoints,
          () -> {
            for (int n = 0; n < endpoints; n++) {
              put(engine, Inputs.profile("kns.namespace-" + n, parentLabels(n)));
            }
            engine.flush();
          },
          engine);
    }
  },

  /** Selectors come while there are many endpoints; one in ten of them matches all of these. */
  SELECTOR_UPDATES {
    @Override
    Run prepare(int endpoints) {
      Answers answers = new Answers();
      for (int n = 0; n < endpoints; n++) {
        answers.putPeer(endpoint(n));
      }
      answers.settle();
      return new Run(
          10,
          () -> {
            // No more than ten: the same selector once more would cost nothing.
            for (int n = 0; n < 10; n++) {
              answers.ask(new Question.Selected(selector(n)));
            }
            answers.settle();
          },
          answers);
    }
  };

  /**
   * What is to be timed.
   *
   * @param operations how many the action does
   * @param holder keeps what was filled reachable
   */
  record Run(int operations, Runnable action, Object holder) {}

  /** Fills a new index, of so many selectors or endpoints. */
  abstract Run prepare(int size);

  private static Selector selector(int number) {
    return Selector.parse("alpha == \"beta\" && has(ipset-" + number + ")");
  }

  private static Map<String, String> parentLabels(int number) {
    return Map.of("projectcalico.org/name", "namespace-" + number, "one", "1", "two", "2");
  }

  private static PeerItem endpoint(int number) {
    return new PeerItem(
        new ResourceKey(Kind.POD, "namespace-" + number, "endpoint-" + number),
        LayeredLabels.of(Map.of("alpha", "beta", "ipset-1", "true")),
        List.of(prefix(number)),
        List.of());
  }

  private static Pod pod(int number) {
    return Inputs.pod(
        "namespace-" + number,
        "endpoint-" + number,
        Inputs.REMOTE,
        prefix(number).address(),
        Map.of("alpha", "beta", "ipset-1", "true"));
  }

  /** Only so many addresses: from 65,536 endpoints on, they share them. */
  private static Cidr prefix(int number) {
    return IpAddress.v4(0x0a00_0000 | number % 65_536).toCidr();
  }

  private static void put(PolicyEngine engine, Resource resource) {
    engine.apply(new ResourceChange.Upsert(resource));
  }
}
