package io.margay.model.vector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.vector.ConnectivityVector.Step;
import io.margay.model.vector.VectorPeer.PodPeer;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads vector files. */
public final class VectorReader {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private VectorReader() {}

  /**
   * The schema that a file declares: {@code connectivity/1} or {@code selectors/1}; empty when it
   * declares none.
   *
   * @throws VectorFormatException if the file cannot be read as JSON
   */
  public static String schema(Path file) {
    return json(file).path("schema").asText();
  }

  /**
   * Reads a file of the schema {@code connectivity/1}.
   *
   * @throws VectorFormatException if it is not one
   */
  public static ConnectivityVector connectivity(Path file) {
    JsonNode json = json(file);
    requireSchema(file, json, "connectivity/1");
    try {
      return connectivity(json);
    } catch (IllegalArgumentException e) {
      throw new VectorFormatException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a file of the schema {@code selectors/1}.
   *
   * @throws VectorFormatException if it is not one
   */
  public static SelectorVectors selectors(Path file) {
    JsonNode json = json(file);
    requireSchema(file, json, "selectors/1");
    try {
      return JSON.treeToValue(json, SelectorVectors.class);
    } catch (JsonProcessingException e) {
      throw new VectorFormatException(file + ": " + e.getOriginalMessage(), e);
    }
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new VectorFormatException(
          file
              + ", line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": not JSON: "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new VectorFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireSchema(Path file, JsonNode json, String schema) {
    if (!json.path("schema").asText().equals(schema)) {
      throw new VectorFormatException(
          file
              + ", schema \""
              + json.path("schema").asText()
              + "\": not a schema that can be read here; write \""
              + schema
              + "\"");
    }
  }

  private static ConnectivityVector connectivity(JsonNode json) {
    List<KubeObject> start = new ArrayList<>(VectorCluster.described(json));
    items(json, "objects").map(VectorReader::object).forEach(start::add);
    items(json, "policies").map(VectorReader::object).forEach(start::add);
    return new ConnectivityVector(
        text(json, "name"),
        text(json, "set"),
        json.path("description").asText(),
        items(json, "features").map(JsonNode::asText).toList(),
        json.path("doubtful").isMissingNode() ? null : json.path("doubtful").asText(),
        start,
        items(json, "steps").map(VectorReader::step).toList());
  }

  private static Step step(JsonNode step) {
    List<PodPeer> order = items(step, "order").map(pod -> pod(pod.asText())).toList();
    return new Step(
        step.path("name").asText(),
        items(step, "apply").map(VectorReader::object).toList(),
        items(step, "delete").map(VectorReader::deleted).toList(),
        items(step, "expect").map(VectorReader::expectation).toList(),
        items(step, "tables").map(table -> table(table, order)).toList());
  }

  private static KubeObject object(JsonNode json) {
    Kind kind = kind(json);
    ObjectNode copy = json.deepCopy();
    if (kind.namespaced() && !copy.path("metadata").has("namespace")) {
      copy.withObjectProperty("metadata").put("namespace", "default");
    }
    return new KubeObject(kind, copy);
  }

  private static Kind kind(JsonNode json) {
    String apiVersion = json.path("apiVersion").asText();
    String kind = json.path("kind").asText();
    return Kind.of(apiVersion, kind)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "\"" + kind + "\" of \"" + apiVersion + "\" is not a known kind"));
  }

  private static ResourceKey deleted(JsonNode json) {
    Kind kind = kind(json);
    return new ResourceKey(
        kind, kind.namespaced() ? json.path("ns").asText("default") : "", text(json, "name"));
  }

  private static ReachTable table(JsonNode table, List<PodPeer> order) {
    Map<PodPeer, String> rows = new LinkedHashMap<>();
    table
        .path("rows")
        .properties()
        .forEach(row -> rows.put(pod(row.getKey()), row.getValue().asText()));
    return new ReachTable(
        Protocol.parse(text(table, "protocol")),
        table.path("port").asInt(),
        family(table),
        order,
        rows);
  }

  private static PodPeer pod(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("\"" + text + "\" is not namespace/pod");
    }
    return new PodPeer(text.substring(0, slash), text.substring(slash + 1));
  }

  private static Expectation expectation(JsonNode json) {
    Protocol protocol = Protocol.parse(text(json, "protocol"));
    int destinationPort =
        protocol.isIcmp()
            ? json.path("icmpType").asInt() << 8 | json.path("icmpCode").asInt()
            : json.path("port").asInt();
    return new Expectation(
        peer(json.path("from")),
        peer(json.path("to")),
        family(json),
        protocol,
        protocol.hasPorts() ? json.path("srcPort").asInt(Expectation.EPHEMERAL_PORT) : 0,
        destinationPort,
        items(json, "via").map(VectorReader::via).toList(),
        verdict(text(json, "verdict")),
        trace(json.path("trace")),
        Optional.ofNullable(json.get("pendingVerdict"))
            .map(verdict -> verdict(verdict.asText()))
            .orElse(null),
        trace(json.path("pendingTrace")));
  }

  private static VectorPeer peer(JsonNode peer) {
    if (peer.has("pod")) {
      return new PodPeer(text(peer, "ns"), text(peer, "pod"));
    }
    if (peer.has("hostEndpoint")) {
      return new VectorPeer.HostEndpointPeer(text(peer, "hostEndpoint"));
    }
    IpAddress address = IpAddress.parse(text(peer, "ip"));
    return peer.has("node")
        ? new VectorPeer.NodePeer(text(peer, "node"), address)
        : new VectorPeer.AddressPeer(address);
  }

  private static IpFamily family(JsonNode json) {
    return IpFamily.ofVersion(json.path("ipVersion").asInt(4));
  }

  private static Expectation.Via via(JsonNode via) {
    return new Expectation.Via(text(via, "hostEndpoint"), direction(via));
  }

  static Direction direction(JsonNode json) {
    return switch (text(json, "direction")) {
      case "Ingress" -> Direction.INGRESS;
      case "Egress" -> Direction.EGRESS;
      default ->
          throw new IllegalArgumentException(
              "\"" + text(json, "direction") + "\" is not a direction, write Ingress or Egress");
    };
  }

  private static Verdict verdict(String text) {
    return switch (text) {
      case "allow" -> Verdict.ALLOW;
      case "deny" -> Verdict.DENY;
      default ->
          throw new IllegalArgumentException(
              "\"" + text + "\" is not a verdict, write allow or deny");
    };
  }

  private static @Nullable VectorTrace trace(JsonNode trace) {
    return trace.isObject() ? TraceReader.trace(trace) : null;
  }

  static Stream<JsonNode> items(JsonNode json, String name) {
    return StreamSupport.stream(json.path(name).spliterator(), false);
  }

  static String text(JsonNode json, String name) {
    if (!json.path(name).isValueNode()) {
      throw new IllegalArgumentException("\"" + name + "\" is missing in " + json);
    }
    return json.get(name).asText();
  }
}
