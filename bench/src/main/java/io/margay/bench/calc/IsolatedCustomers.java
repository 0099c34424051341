package io.margay.bench.calc;

import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.Pod;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Customers with a namespace, a policy and a pod each, of which this node has 100.
 *
 * @param customers at least 100
 */
record IsolatedCustomers(int customers) implements Inputs {
  private static final int LOCAL = 100;
  private static final String CUSTOMER = "pcns.projectcalico.org/name";
  private static final List<String> ENVIRONMENTS = List.of("dev", "staging", "prod");
  private static final List<String> TIERS = List.of("frontend", "backend", "middleware", "data");
  private static final List<String> REGIONS = List.of("us-east", "us-west", "eu-west", "ap-south");
  private static final List<String> TEAMS =
      List.of("platform", "payments", "identity", "growth", "infra");

  @Override
  public List<Resource> resources() {
    List<Resource> all = new ArrayList<>();
    for (int n = 0; n < customers; n++) {
      all.add(policy(n));
    }
    for (int n = 0; n < customers; n++) {
      all.add(
          Inputs.profile(
              "kns.customer-" + n,
              Map.of(
                  CUSTOMER,
                  "customer-" + n,
                  "namespace-id",
                  digits(n, 20),
                  "production",
                  Boolean.toString(n % 2 == 0))));
    }
    for (int n = 0; n < customers; n++) {
      if (!isLocal(n)) {
        all.add(pod(n));
      }
    }
    all.addAll(local());
    return all;
  }

  @Override
  public List<Pod> local() {
    List<Pod> local = new ArrayList<>();
    for (int n = 0; n < customers; n++) {
      if (isLocal(n)) {
        local.add(pod(n));
      }
    }
    return local;
  }

  private boolean isLocal(int number) {
    return number % (customers / LOCAL) == 0;
  }

  private static Resource policy(int number) {
    EntityRule own = Inputs.selected(Selector.parse(CUSTOMER + " == 'customer-" + number + "'"));
    EntityRule dns =
        new EntityRule(
            List.of(Cidr.parse("10.96.0.10/32")),
            List.of(),
            null,
            null,
            null,
            List.of(new PortMatch.Numeric(new PortRange(53, 53))),
            List.of(),
            null,
            null);
    Rule toDns =
        new Rule(
            RuleAction.ALLOW,
            null,
            Protocol.UDP,
            null,
            null,
            null,
            EntityRule.ANY,
            dns,
            null,
            Map.of(),
            null);
    return Inputs.policy(
        "isolate-customer-" + number,
        Selector.parse(CUSTOMER + " == 'customer-" + number + "'"),
        List.of(Inputs.allow(own, EntityRule.ANY)),
        List.of(Inputs.allow(EntityRule.ANY, own), toDns));
  }

  private Pod pod(int i) {
    Map<String, String> labels = new HashMap<>();
    labels.put("pod-id", digits(5L * i, 20));
    labels.put("instance-id", digits(5L * i + 1, 20));
    labels.put("short-id", digits(5L * i + 2, 10));
    labels.put("config-hash", digits(5L * i + 3, 20));
    labels.put("version-tag", digits(5L * i + 4, 8));
    List<String> flags = List.of("enabled", "debug", "canary", "managed");
    for (int bit = 0; bit < flags.size(); bit++) {
      labels.put(flags.get(bit), (i >> bit & 1) == 1 ? "true" : "false");
    }
    labels.put("environment", ENVIRONMENTS.get(i % ENVIRONMENTS.size()));
    labels.put("tier", TIERS.get(i % TIERS.size()));
    labels.put("region", REGIONS.get(i % REGIONS.size()));
    labels.put("team", TEAMS.get(i % TEAMS.size()));
    labels.put("managed-by", "saas-controller");
    labels.put("tenant-id", digits(i % 5_000, 10));
    String name = String.format("app-%09x-%05x", 7L * i + 3, (17L * i + 5) % 65_536);
    String node = isLocal(i) ? Inputs.HERE : Inputs.REMOTE;
    return Inputs.pod("customer-" + i, name, node, Inputs.address(serial(i)), labels);
  }

  /** Addresses go by the order in which endpoints come: other nodes' first. */
  private int serial(int number) {
    int step = customers / LOCAL;
    int localBefore = (number + step - 1) / step;
    return isLocal(number) ? customers - LOCAL + number / step + 1 : number - localBefore + 1;
  }

  /** Text that looks random and is the same each time. */
  private static String digits(long number, int length) {
    long value = number * 2_654_435_761L + 1;
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append("abcdef0123456789".charAt((int) Long.remainderUnsigned(value, 16)));
      value = value * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    }
    return text.toString();
  }
}
