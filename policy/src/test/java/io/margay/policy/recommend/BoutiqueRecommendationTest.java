package io.margay.policy.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceChange;
import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.VectorCluster;
import io.margay.model.vector.VectorReader;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.DecisionTables;
import io.margay.testkit.SharedVectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The recommended set for the boutique's 16 calls, enforced, against its 13 published policies. */
class BoutiqueRecommendationTest {
  private record Call(String from, String to, int port) {}

  private final List<Call> calls = new ArrayList<>();
  private final Set<Integer> ports = new TreeSet<>(List.of(22, 80, 65_535));
  private final VectorCluster cluster = new VectorCluster(vector());

  private static ConnectivityVector vector() {
    return VectorReader.connectivity(SharedVectors.root().resolve("boutique/connectivity.json"));
  }

  private void readCalls() throws IOException {
    JsonNode file =
        new JsonMapper().readTree(SharedVectors.root().resolve("boutique/calls.json").toFile());
    for (JsonNode call : file.path("calls")) {
      int port = call.path("podPort").asInt();
      calls.add(new Call(call.path("from").asText(), call.path("to").asText(), port));
      ports.add(port);
    }
  }

  private static Peer peer(String app) {
    return new Peer.Workload("default", app, Map.of("app", app));
  }

  private Recommendations recommended() {
    return new Recommender(
            Recommender.Options.of(Recommender.Scope.WORKLOAD),
            _ -> true,
            _ -> true,
            new Addresses(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fc00::/7")), List.of()),
            Map.of())
        .recommend(
            calls.stream()
                .map(call ->
                    new Observation(peer(call.from()), peer(call.to()), Protocol.TCP, call.port()))
                .toList());
  }

  @Test
  void allowsTheCallsAndNothingElseWithNoMoreRules() throws IOException {
    readCalls();
    assertThat(calls).hasSize(16);
    List<ResourceChange> start = new ArrayList<>(cluster.start());
    vector().steps().forEach(step -> start.addAll(cluster.apply(step)));
    PolicyEngine engine = new PolicyEngine(Scope.allNodes());
    int publishedRules = 0;
    for (var resource : cluster.resources()) {
      if (resource instanceof KubernetesNetworkPolicy published) {
        publishedRules += published.spec().ingress().size() + published.spec().egress().size();
      } else {
        engine.apply(new ResourceChange.Upsert(resource));
      }
    }
    Recommendations recommended = recommended();
    int rules = 0;
    for (KubeObject staged : recommended.policies()) {
      NetworkPolicy enforced =
          (NetworkPolicy)
              ResourceDecoder.decode(new KubeObject(Kind.NETWORK_POLICY, staged.json())).resource();
      rules += enforced.spec().ingress().size() + enforced.spec().egress().size();
      engine.apply(new ResourceChange.Upsert(enforced));
    }
    DecisionTables tables = new DecisionTables();
    tables.apply(engine.flush());
    PathDecider decider = new PathDecider(tables, engine.resources());

    List<Pod> pods =
        cluster.resources().stream().filter(Pod.class::isInstance).map(Pod.class::cast).toList();
    List<Call> allowed = new ArrayList<>();
    for (Pod from : pods) {
      for (Pod to : pods) {
        for (int port : ports) {
          if (from != to && allows(decider, from, to, port)) {
            allowed.add(new Call(app(from), app(to), port));
          }
        }
      }
    }

    assertThat(allowed).containsExactlyInAnyOrderElementsOf(calls);
    assertThat(recommended.policies()).hasSize(12);
    assertThat(rules).isPositive().isLessThanOrEqualTo(publishedRules);
    assertThat(recommended.notes()).isEmpty();
  }

  private static String app(Pod pod) {
    return String.valueOf(pod.metadata().labels().get("app"));
  }

  private static boolean allows(PathDecider decider, Pod from, Pod to, int port) {
    Connection connection =
        new Connection(
            new PathPeer.Pod(from.metadata().namespace(), from.metadata().name()),
            new PathPeer.Pod(to.metadata().namespace(), to.metadata().name()),
            IpFamily.IPV4,
            Protocol.TCP,
            40_000,
            port,
            List.of());
    return decider.decide(connection).enforced().verdict() == Verdict.ALLOW;
  }
}
