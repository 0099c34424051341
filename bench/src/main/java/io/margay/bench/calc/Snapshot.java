package io.margay.bench.calc;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cluster as a node finds it when it starts: endpoints of other nodes, network sets or policies
 * by label, 200 endpoints of its own.
 *
 * @param remote endpoints of other nodes
 * @param tagPolicies policies that select endpoints by label
 * @param setPolicies policies for all endpoints, each with a network set
 */
record Snapshot(int remote, int tagPolicies, int setPolicies) implements Inputs {
  private static final int LOCAL = 200;
  private static final int NAMESPACES = 100;
  private static final int[] ONE_IN = {10, 11, 20, 30, 40};
  private static final int[] SET_SIZES = {1, 1, 1, 1, 2, 3, 4, 5, 100, 1000};
  private static final List<String> MARKERS = markers();

  /** Some of them more than once, as in Felix's benchmark. */
  private static List<String> markers() {
    List<String> base = new ArrayList<>(List.of("BIFF_BOP"));
    for (String name :
        List.of(
            "FizzBuzz", "BoffBip", "Bazzle", "Razzle", "DoopDeeDoo", "SOME_LABEL", "BORED_NOW")) {
      base.add("calico/" + name);
    }
    List<String> markers = new ArrayList<>(List.of("FOO_BAR", "FOO_BAR"));
    markers.addAll(base);
    markers.addAll(List.of("MyMarkerLabel", "xFOO_BAR"));
    base.forEach(name -> markers.add("x" + name));
    markers.addAll(List.of("yxMyMarkerLabel", "yxFOO_BAR"));
    base.forEach(name -> markers.add("yx" + name));
    markers.add("yxMyMarkerLabel");
    return List.copyOf(markers);
  }

  @Override
  public List<Resource> resources() {
    List<Resource> all = new ArrayList<>();
    for (int i = 0; i < tagPolicies; i++) {
      all.add(tagPolicy(i));
    }
    for (int i = 0; i < NAMESPACES; i++) {
      all.add(
          Inputs.profile(
              "kns.namespace-" + i, Map.of("pcns.projectcalico.org/name", "namespace-" + i)));
    }
    for (int k = 0; k < remote; k++) {
      all.add(endpoint(k, k + 1, Inputs.REMOTE));
    }
    int address = 1;
    for (int i = 0; i < setPolicies; i++) {
      List<Cidr> members = new ArrayList<>();
      for (int size = SET_SIZES[i % SET_SIZES.length]; size > 0; size--) {
        members.add(Inputs.address(address++).toCidr());
      }
      all.add(networkSet(i, members));
      all.add(setPolicy(i));
    }
    all.addAll(local());
    return all;
  }

  @Override
  public List<Pod> local() {
    List<Pod> local = new ArrayList<>();
    for (int k = 0; k < LOCAL; k++) {
      local.add(endpoint(k, remote + k + 1, Inputs.HERE));
    }
    return local;
  }

  private static Pod endpoint(int number, int serial, String node) {
    Map<String, String> labels = new HashMap<>();
    for (int in : ONE_IN) {
      labels.put("one-in-" + in, "value-" + serial % in);
    }
    labels.put(MARKERS.get(serial % MARKERS.size()), "true");
    IpAddress address = Inputs.address(serial);
    // Names of other nodes' endpoints begin at 0 too; pods of one namespace need names of their
    // own.
    return Inputs.pod("namespace-" + number % NAMESPACES, "wep-" + serial, node, address, labels);
  }

  private static Resource tagPolicy(int number) {
    List<Rule> rules = new ArrayList<>();
    for (int j = 0; j < 5; j++) {
      rules.add(Inputs.allowFrom(has(number + j)));
    }
    return Inputs.policy("tag-policy-" + number, has(number), rules, List.of());
  }

  private static Selector has(int number) {
    return Selector.parse("has(" + MARKERS.get(number % MARKERS.size()) + ")");
  }

  private static Resource networkSet(int number, List<Cidr> members) {
    String name = "network-set-" + number;
    return new GlobalNetworkSet(ObjectMeta.of("", name, Map.of("network-set-name", name)), members);
  }

  private static Resource setPolicy(int number) {
    Selector source = Selector.parse("network-set-name == 'network-set-" + number + "'");
    return Inputs.policy(
        "set-policy-" + number, Selector.all(), List.of(Inputs.allowFrom(source)), List.of());
  }
}
