package io.margay.bench.calc;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Selector;
import java.util.List;
import java.util.Map;

/** What an engine is told, in the order in which Felix's benchmark tells it. */
interface Inputs {
  String HERE = "localhost";
  String REMOTE = "remotehost";

  List<Resource> resources();

  /** The endpoints of this node, which come last of {@link #resources}. */
  List<Pod> local();

  /** The address of the n-th endpoint or set member, as a slip in Felix's benchmark makes it. */
  static IpAddress address(int number) {
    return IpAddress.v6((0x0a00_0000L + number) << 32, 0xffff_0000_0000L);
  }

  static Pod pod(
      String namespace, String name, String node, IpAddress address, Map<String, String> labels) {
    return new Pod(
        ObjectMeta.of(namespace, name, labels),
        new Pod.Spec(node, "default", false, List.of()),
        new Pod.Status("Running", List.of(new Pod.PodIp(address))));
  }

  /** A profile without rules. */
  static Profile profile(String name, Map<String, String> labels) {
    return new Profile(
        ObjectMeta.of("", name, Map.of()), new Profile.Spec(List.of(), List.of(), labels));
  }

  static Resource policy(String name, Selector subject, List<Rule> ingress, List<Rule> egress) {
    return new GlobalNetworkPolicy(
        ObjectMeta.of("", name, Map.of()),
        new CalicoPolicySpec(
            "default",
            null,
            subject,
            null,
            null,
            List.of(PolicyType.INGRESS, PolicyType.EGRESS),
            ingress,
            egress,
            false,
            false,
            false,
            null,
            null));
  }

  static Rule allowFrom(Selector source) {
    return allow(selected(source), EntityRule.ANY);
  }

  static Rule allow(EntityRule source, EntityRule destination) {
    return new Rule(
        RuleAction.ALLOW, null, null, null, null, null, source, destination, null, Map.of(), null);
  }

  static EntityRule selected(Selector selector) {
    return new EntityRule(
        List.of(), List.of(), selector, null, null, List.of(), List.of(), null, null);
  }
}
