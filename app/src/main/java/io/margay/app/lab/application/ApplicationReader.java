package io.margay.app.lab.application;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.Manifests.OtherKinds;
import io.margay.model.manifest.Problem;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Service;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a folder of Kubernetes manifests into an application. Everything that is wrong is reported
 * at once, and then nothing is read.
 */
public final class ApplicationReader {
  private static final int MAX_DEPTH = 8;
  private static final String CALL_GRAPH_SCHEMA = "calls/1";
  private static final String DEFAULT_NAMESPACE = "default";
  private static final JsonMapper JSON = new JsonMapper();

  /** Kinds that change nothing about who can talk to whom, so that the lab can do without. */
  private static final Set<String> NOT_NEEDED =
      Set.of(
          "ClusterRole",
          "ClusterRoleBinding",
          "ConfigMap",
          "CronJob",
          "CustomResourceDefinition",
          "Endpoints",
          "HorizontalPodAutoscaler",
          "Ingress",
          "IngressClass",
          "Job",
          "LimitRange",
          "PersistentVolume",
          "PersistentVolumeClaim",
          "PodDisruptionBudget",
          "PriorityClass",
          "ResourceQuota",
          "Role",
          "RoleBinding",
          "Secret",
          "StorageClass");

  private static final List<String> BUNDLED =
      List.of("shop.yaml", "payments.yaml", "platform.yaml", "policies.yaml");

  private final List<Problem> problems = new ArrayList<>();
  private final List<KubeObject> objects = new ArrayList<>();
  private final List<Workload> workloads = new ArrayList<>();
  private final Map<String, JsonNode> callGraphs = new TreeMap<>();
  private final Map<String, Integer> leftOut = new TreeMap<>();

  private ApplicationReader() {}

  /** The web shop that comes with Margay. */
  public static Application bundled() {
    ApplicationReader reader = new ApplicationReader();
    for (String file : BUNDLED) {
      try (InputStream in =
          ApplicationReader.class.getResourceAsStream("/io/margay/app/lab/shop/" + file)) {
        if (in == null) {
          throw new IllegalStateException("the program was built without " + file);
        }
        reader.readFile(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return reader.application("web shop");
  }

  /**
   * Reads the manifests of a folder and the folders in it.
   *
   * @throws CommandFailure with everything that is wrong
   */
  public static Application ofFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(folder + ": not a folder; name one with Kubernetes manifests");
    }
    ApplicationReader reader = new ApplicationReader();
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      for (Path file : files.filter(ApplicationReader::isManifest).sorted().toList()) {
        reader.readFile(folder.relativize(file).toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path name = folder.toAbsolutePath().normalize().getFileName();
    Application application = reader.application(name == null ? "application" : name.toString());
    if (application.workloads().isEmpty()) {
      throw new CommandFailure(
          folder + ": nothing to run; it needs a Deployment, StatefulSet, DaemonSet or Pod");
    }
    return application;
  }

  private static boolean isManifest(Path file) {
    String name = file.toString();
    return Files.isRegularFile(file)
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private void readFile(String place, String text) {
    if (place.endsWith(".json") && takeDataFile(place, text)) {
      return;
    }
    Manifests.Result result =
        Manifests.read(place, text, new Manifests.Options(DEFAULT_NAMESPACE, OtherKinds.GIVE));
    problems.addAll(result.problems());
    for (KubeObject object : result.objects()) {
      if (object.kind() == Kind.POD) {
        workloads.add(WorkloadReader.read(new ManifestDocument(place, object.json()), problems));
      } else {
        takeObject(object);
      }
    }
    result.others().forEach(json -> takeOther(new ManifestDocument(place, json)));
  }

  /** Takes a JSON file that is no manifest: a call graph, or test data beside the manifests. */
  private boolean takeDataFile(String place, String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return false; // the manifest reader says what is wrong with it
    }
    String schema = json.path("schema").asText();
    if (schema.isEmpty() || json.has("kind")) {
      return false;
    }
    if (schema.equals(CALL_GRAPH_SCHEMA)) {
      callGraphs.put(place, json);
    } else {
      leftOut.merge("file of schema " + schema, 1, Integer::sum);
    }
    return true;
  }

  private void takeObject(KubeObject object) {
    if (object.kind() == Kind.NODE) {
      leftOut.merge("Node (the lab has its own)", 1, Integer::sum);
    } else {
      objects.add(object);
    }
  }

  private void takeOther(ManifestDocument document) {
    if (WorkloadReader.KINDS.contains(document.kind())) {
      workloads.add(WorkloadReader.read(document, problems));
    } else if (NOT_NEEDED.contains(document.kind())) {
      leftOut.merge(document.kind(), 1, Integer::sum);
    } else {
      problems.add(
          new Problem(
              document.place() + ": " + document.title(),
              "kind",
              document.apiVersion() + " " + document.kind(),
              "the lab knows no such kind",
              "mend it, or take it out of the folder"));
    }
  }

  private Application application(String name) {
    List<Service> services =
        objects.stream()
            .filter(object -> object.kind() == Kind.SERVICE)
            .map(object -> (Service) ResourceDecoder.decode(object).resource())
            .toList();
    CallGraph graph = new CallGraph(workloads, services);
    if (callGraphs.isEmpty()) {
      graph.addEnvironments();
    } else {
      callGraphs.forEach((place, file) -> graph.addFile(place, file, problems));
    }
    if (!problems.isEmpty()) {
      throw CommandFailure.ofProblems(problems);
    }
    List<String> notes = new ArrayList<>(graph.notes());
    leftOut.forEach((what, count) -> notes.add("not needed here: " + count + " × " + what));
    return new Application(name, objects, workloads, graph.calls(), notes);
  }
}
