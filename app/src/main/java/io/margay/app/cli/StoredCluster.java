package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.resources.StoredResources;
import io.margay.console.http.Json;
import io.margay.console.policies.StorePolicies;
import io.margay.console.why.ClusterExplainer;
import io.margay.console.why.FixEffect;
import io.margay.console.why.FixJson;
import io.margay.console.why.WhyAnswer;
import io.margay.console.why.WhyJson;
import io.margay.console.why.WhyQuestion;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ResourceChange;
import io.margay.policy.why.Explanation.Flip;
import io.margay.store.ResourceStore;
import java.util.List;
import java.util.Optional;

/** Explains verdicts from the resources of a store, where no console runs. */
final class StoredCluster {
  /** The echo requests of the two families. */
  private static final int PING = 8 << 8;

  private static final int PING_6 = 128 << 8;

  private final ClusterExplainer explainer = new ClusterExplainer();
  private final ResourceStore store;
  private final StorePolicies policies;

  /** Reads all resources of a store once. */
  StoredCluster(ResourceStore store) {
    this.store = store;
    this.policies = new StorePolicies(store);
    StoredResources.of(store)
        .values()
        .forEach(resource -> explainer.apply(new ResourceChange.Upsert(resource)));
  }

  /** The same JSON that a console answers with. */
  JsonNode why(String from, Destination to, String protocol) {
    WhyAnswer answer = answer(from, to, protocol);
    return Json.tree(json -> WhyJson.write(answer, json));
  }

  /**
   * The same JSON that a console answers with, where a change is asked for.
   *
   * @param withEffect whether it says what else the change would turn
   */
  JsonNode fix(String from, Destination to, String protocol, boolean withEffect) {
    WhyAnswer answer = answer(from, to, protocol);
    Flip flip = answer.explanation().flip();
    ObjectNode effect =
        withEffect && flip != null
            ? FixEffect.of(explainer.view().resources(), flip.changes(), Optional.empty())
            : null;
    return Json.tree(json -> FixJson.write(answer, effect, store, json));
  }

  private WhyAnswer answer(String from, Destination to, String protocolName) {
    try {
      Protocol protocol = Protocol.parse(protocolName);
      return explainer.explain(new WhyQuestion(from, to.peer(), protocol, port(protocol, to)));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static int port(Protocol protocol, Destination to) {
    if (protocol.isIcmp()) {
      return protocol.equals(Protocol.ICMP) ? PING : PING_6;
    }
    if (protocol.hasPorts() && to.port() < 0) {
      throw new CommandFailure("port is missing: " + protocol + " needs one, write TO:PORT");
    }
    if (to.port() > 65_535) {
      throw new CommandFailure("port " + to.port() + " is not between 0 and 65535");
    }
    return Math.max(0, to.port());
  }

  /** The YAML of the rule that a hit names. */
  Optional<String> rule(JsonNode hit, String direction) {
    int index = hit.path("rule_index").asInt();
    return policies
        .find(hit.path("kind").asText(), hit.path("namespace").asText(), hit.path("name").asText())
        .map(policy -> rules(direction, policy.ingress(), policy.egress()))
        .filter(rules -> index >= 0 && index < rules.size())
        .map(rules -> rules.get(index));
  }

  private static List<String> rules(String direction, List<String> ingress, List<String> egress) {
    return direction.equals("ingress") ? ingress : egress;
  }
}
