package io.margay.app.lab.application;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.manifest.Problem;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what describes pods. Of the pod template only what the lab can act out is looked at:
 * labels, account, ports and plain environment variables.
 */
final class WorkloadReader {
  /** The kinds that run as pods for as long as the application runs. */
  static final Set<String> KINDS =
      Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod");

  private static final int MAX_REPLICAS = 500;

  private final ManifestDocument document;
  private final List<Problem> problems;

  private WorkloadReader(ManifestDocument document, List<Problem> problems) {
    this.document = document;
    this.problems = problems;
  }

  /** Reads a document of one of the {@link #KINDS}; what is wrong is added to the problems. */
  static Workload read(ManifestDocument document, List<Problem> problems) {
    return new WorkloadReader(document, problems).workload();
  }

  private Workload workload() {
    boolean barePod = document.kind().equals("Pod");
    String base = barePod ? "" : "spec.template.";
    JsonNode template = barePod ? document.json() : document.spec().path("template");
    JsonNode spec = template.path("spec");
    if (document.name().isEmpty()) {
      problem("metadata.name", "", "is missing", "give the workload a name");
    }
    if (!spec.path("containers").isArray() || spec.path("containers").isEmpty()) {
      problem(base + "spec.containers", "", "is missing", "write at least one container");
    }
    List<Pod.ContainerPort> ports = new ArrayList<>();
    Map<String, String> environment = new LinkedHashMap<>();
    int at = 0;
    for (JsonNode container : spec.path("containers")) {
      String path = base + "spec.containers[" + at++ + "]";
      ports(container, path, ports);
      for (JsonNode variable : container.path("env")) {
        environment.put(variable.path("name").asText(), variable.path("value").asText());
      }
    }
    return new Workload(
        document.kind(),
        document.namespace(),
        document.name(),
        labels(template.path("metadata").path("labels")),
        spec.path("serviceAccountName").asText("default"),
        barePod ? 1 : replicas(),
        document.kind().equals("DaemonSet"),
        ports,
        environment);
  }

  private int replicas() {
    JsonNode node = document.spec().path("replicas");
    if (node.isMissingNode() || node.isNull()) {
      return 1;
    }
    if (!node.isInt() || node.asInt() < 0 || node.asInt() > MAX_REPLICAS) {
      problem(
          "spec.replicas",
          node.asText(),
          "not a number of pods that the lab can run",
          "write 0 to " + MAX_REPLICAS);
      return 1;
    }
    return node.asInt();
  }

  private static Map<String, String> labels(JsonNode node) {
    Map<String, String> labels = new LinkedHashMap<>();
    node.properties().forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private void ports(JsonNode container, String path, List<Pod.ContainerPort> ports) {
    int at = 0;
    for (JsonNode port : container.path("ports")) {
      String field = path + ".ports[" + at++ + "]";
      int number = port.path("containerPort").asInt();
      if (number < 1 || number > 65_535) {
        problem(
            field + ".containerPort",
            port.path("containerPort").asText(),
            "not a port",
            "write a number from 1 to 65535");
        continue;
      }
      protocol(port.path("protocol").asText("TCP"), field + ".protocol")
          .forEach(protocol ->
              ports.add(new Pod.ContainerPort(port.path("name").asText(), number, protocol)));
    }
  }

  private List<Protocol> protocol(String text, String field) {
    return switch (text) {
      case "TCP" -> List.of(Protocol.TCP);
      case "UDP" -> List.of(Protocol.UDP);
      case "SCTP" -> List.of(Protocol.SCTP);
      default -> {
        problem(field, text, "not a protocol of ports", "write TCP, UDP or SCTP");
        yield List.of();
      }
    };
  }

  private void problem(String field, String value, String reason, String fix) {
    problems.add(new Problem(document.title(), field, value, reason, fix));
  }
}
