package io.margay.bench.nftables;

import io.margay.bench.IngressPolicy;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sets of consecutive addresses, and policies of ten rules that let them reach one pod.
 *
 * @param sets as many as policies
 * @param members of each set
 */
record SetCluster(int sets, int members) {
  static final String NODE = "bench";
  private static final int RULES = 10;
  private static final int FIRST_ADDRESS = 0x0a00_0000; // 10.0.0.0
  private static final int SPARE_ADDRESS = 0x0b00_0000; // 11.0.0.0
  private static final int POD = 0x0c00_0001; // 12.0.0.1
  private static final String SET = "set";

  List<Resource> resources() {
    List<Resource> all = new ArrayList<>();
    for (int i = 0; i < sets; i++) {
      all.add(set(i, false));
      all.add(policy(i, false));
    }
    all.add(
        new Pod(
            ObjectMeta.of("bench", "pod", Map.of()),
            new Pod.Spec(NODE, "default", false, List.of()),
            new Pod.Status("Running", List.of(new Pod.PodIp(IpAddress.v4(POD))))));
    return all;
  }

  /** A set, with one more address or without. */
  Resource set(int number, boolean more) {
    List<Cidr> addresses = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      addresses.add(IpAddress.v4(FIRST_ADDRESS + number * members + i).toCidr());
    }
    if (more) {
      addresses.add(IpAddress.v4(SPARE_ADDRESS + number).toCidr());
    }
    return new GlobalNetworkSet(
        ObjectMeta.of("", SET + "-" + number, Map.of(SET, name(number))), addresses);
  }

  /** A policy; changed, its first rule is about another port. */
  Resource policy(int number, boolean changed) {
    List<Rule> rules = new ArrayList<>();
    for (int r = 0; r < RULES; r++) {
      int port = changed && r == 0 ? 2000 : 1000 + r;
      rules.add(rule((RULES * number + r) % sets, port));
    }
    return new GlobalNetworkPolicy(
        ObjectMeta.of("", "policy-" + number, Map.of()),
        IngressPolicy.of(null, Selector.all(), rules));
  }

  private static Rule rule(int set, int port) {
    return IngressPolicy.allow(Selector.parse(SET + " == '" + name(set) + "'"), port);
  }

  private static String name(int set) {
    return "s" + set;
  }
}
