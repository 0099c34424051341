package io.margay.policy.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathDecider;
import io.margay.policy.decide.PathDecision;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.TableDelta;
import java.util.List;

/** A cluster written as YAML, with an engine for it. */
final class World {
  final PolicyEngine engine;
  final DecisionTables tables = new DecisionTables();

  World() {
    this(Failsafes.NONE);
  }

  World(Failsafes failsafes) {
    engine = new PolicyEngine(Scope.allNodes(), failsafes);
  }

  /**
   * Applies the documents, separated by lines of three dashes, and brings the tables up to date.
   */
  TableDelta apply(String yaml) {
    for (String document : yaml.split("(?m)^---$")) {
      engine.apply(new ResourceChange.Upsert(ResourceDecoder.decode(object(document)).resource()));
    }
    return flush();
  }

  TableDelta remove(Kind kind, String namespace, String name) {
    engine.apply(new ResourceChange.Removed(new ResourceKey(kind, namespace, name)));
    return flush();
  }

  private TableDelta flush() {
    TableDelta delta = engine.flush();
    tables.apply(delta);
    return delta;
  }

  private static KubeObject object(String document) {
    try {
      ObjectNode json = (ObjectNode) new YAMLMapper().readTree(document);
      Kind kind = Kind.of(json.get("apiVersion").asText(), json.get("kind").asText()).orElseThrow();
      return new KubeObject(kind, json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(document, e);
    }
  }

  /** {@code namespace/name}, {@code host:name} or an address. */
  private static PathPeer peer(String text) {
    if (text.startsWith("host:")) {
      return new PathPeer.Host(text.substring(5));
    }
    int slash = text.indexOf('/');
    return slash < 0
        ? new PathPeer.Address(IpAddress.parse(text))
        : new PathPeer.Pod(text.substring(0, slash), text.substring(slash + 1));
  }

  PathDecision tcp(String from, String to, int port, Connection.Via... via) {
    return new PathDecider(tables, engine.resources())
        .decide(
            new Connection(
                peer(from), peer(to), IpFamily.IPV4, Protocol.TCP, 40_000, port, List.of(via)));
  }

  boolean allows(String from, String to, int port, Connection.Via... via) {
    return tcp(from, to, port, via).enforced().verdict() == io.margay.model.verdict.Verdict.ALLOW;
  }

  List<String> problems() {
    return engine.problems().values().stream()
        .flatMap(List::stream)
        .map(Problem::toString)
        .toList();
  }

  static String namespace(String name) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: %s, labels: {kubernetes.io/metadata.name: %s}}
    ---
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: default, namespace: %s}
    """
        .formatted(name, name, name);
  }

  static String pod(String namespace, String name, String ip) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s, labels: {app: %s}}
    spec: {nodeName: n1, containers: [{name: main}]}
    status: {phase: Running, podIPs: [{ip: %s}]}
    """
        .formatted(name, namespace, name, ip);
  }
}
