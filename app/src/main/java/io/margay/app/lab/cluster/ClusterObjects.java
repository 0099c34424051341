package io.margay.app.lab.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.Workload;
import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Service.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The API objects of a planned cluster: what the application's author wrote, and what a cluster's
 * own controllers would add (nodes, pods, endpoint slices, default accounts).
 */
public final class ClusterObjects {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Policies before pods, so that no pod is ever there without its policies. */
  private static final List<Kind> FIRST =
      List.of(Kind.NAMESPACE, Kind.NODE, Kind.TIER, Kind.SERVICE_ACCOUNT);

  private static final List<Kind> LAST = List.of(Kind.SERVICE, Kind.ENDPOINT_SLICE, Kind.POD);

  private final Map<ResourceKey, KubeObject> objects = new LinkedHashMap<>();

  private ClusterObjects() {}

  /** All objects, in the order in which to create them. */
  public static List<KubeObject> of(Application application, ClusterPlan plan) {
    ClusterObjects all = new ClusterObjects();
    application.objects().forEach(all::addWritten);
    all.addNamespacesAndAccounts(plan);
    plan.nodes().forEach(node -> all.add(Kind.NODE, node(node)));
    for (LabService service : plan.services()) {
      all.giveAddress(service);
      all.addSlices(service);
    }
    plan.pods().forEach(pod -> all.add(Kind.POD, pod(pod)));
    return all.objects.values().stream()
        .sorted(Comparator.comparingInt(object -> rank(object.kind())))
        .toList();
  }

  private static int rank(Kind kind) {
    if (FIRST.contains(kind)) {
      return FIRST.indexOf(kind);
    }
    return LAST.contains(kind) ? FIRST.size() + 1 + LAST.indexOf(kind) : FIRST.size();
  }

  private void addWritten(KubeObject object) {
    objects.put(object.key(), new KubeObject(object.kind(), object.json().deepCopy()));
  }

  private void add(Kind kind, ObjectNode json) {
    json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    KubeObject object = new KubeObject(kind, json);
    objects.putIfAbsent(object.key(), object);
  }

  private void addNamespacesAndAccounts(ClusterPlan plan) {
    Set<String> namespaces = new LinkedHashSet<>(List.of("default"));
    objects.values().stream()
        .map(KubeObject::namespace)
        .filter(namespace -> !namespace.isEmpty())
        .forEach(namespaces::add);
    plan.pods().forEach(pod -> namespaces.add(pod.namespace()));
    for (String namespace : namespaces) {
      add(Kind.NAMESPACE, named("", namespace));
      add(Kind.SERVICE_ACCOUNT, named(namespace, "default"));
    }
    for (LabPod pod : plan.pods()) {
      add(Kind.SERVICE_ACCOUNT, named(pod.namespace(), pod.workload().serviceAccount()));
    }
    // A real API server writes this label; selectors by namespace name rely on it.
    objects.values().stream()
        .filter(object -> object.kind() == Kind.NAMESPACE)
        .forEach(object ->
            object
                .json()
                .withObject("/metadata/labels")
                .put("kubernetes.io/metadata.name", object.name()));
  }

  private static ObjectNode named(String namespace, String name) {
    ObjectNode json = JSON.objectNode();
    ObjectNode metadata = json.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return json;
  }

  private static ObjectNode node(LabNode node) {
    ObjectNode json = named("", node.name());
    json.withObject("/metadata/labels")
        .put("kubernetes.io/hostname", node.name())
        .put("kubernetes.io/os", "linux");
    ObjectNode spec = json.putObject("spec").put("podCIDR", node.podCidr().toString());
    spec.putArray("podCIDRs").add(node.podCidr().toString());
    ArrayNode addresses = json.putObject("status").putArray("addresses");
    addresses.addObject().put("type", "InternalIP").put("address", node.address().toString());
    addresses.addObject().put("type", "Hostname").put("address", node.name());
    return json;
  }

  private static ObjectNode pod(LabPod pod) {
    Workload workload = pod.workload();
    ObjectNode json = named(pod.namespace(), pod.name());
    if (!workload.kind().equals("Pod")) {
      json.withObject("/metadata").put("generateName", workload.name() + "-");
    }
    ObjectNode labels = json.withObject("/metadata/labels");
    workload.labels().forEach(labels::put);
    ObjectNode spec = json.putObject("spec");
    spec.put("nodeName", pod.node().name()).put("serviceAccountName", workload.serviceAccount());
    ObjectNode container = spec.putArray("containers").addObject();
    container.put("name", "main").put("image", "margay.io/lab/" + workload.name());
    ArrayNode ports = container.putArray("ports");
    for (Pod.ContainerPort port : workload.ports()) {
      ObjectNode entry = ports.addObject();
      if (!port.name().isEmpty()) {
        entry.put("name", port.name());
      }
      entry.put("containerPort", port.containerPort()).put("protocol", port.protocol().toString());
    }
    ObjectNode status = json.putObject("status").put("phase", "Running");
    status.put("hostIP", pod.node().address().toString()).put("podIP", pod.address().toString());
    status.putArray("podIPs").addObject().put("ip", pod.address().toString());
    status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
    ObjectNode running = status.putArray("containerStatuses").addObject();
    running.put("name", "main").put("image", "margay.io/lab/" + workload.name());
    running.put("imageID", "").put("ready", true).put("restartCount", 0);
    running.putObject("state").putObject("running");
    return json;
  }

  private void giveAddress(LabService service) {
    KubeObject object = objects.get(service.service().key());
    if (object != null && service.clusterAddress() != null) {
      String address = service.clusterAddress().toString();
      ObjectNode spec = object.json().withObject("/spec").put("clusterIP", address);
      spec.putArray("clusterIPs").add(address);
    }
  }

  /** One slice for all pods with the same target ports; a named port may differ between pods. */
  private void addSlices(LabService service) {
    Map<List<Integer>, List<LabPod>> byPorts = new LinkedHashMap<>();
    for (LabPod pod : service.pods()) {
      byPorts.computeIfAbsent(targetPorts(service, pod), ports -> new ArrayList<>()).add(pod);
    }
    int number = 1;
    for (Map.Entry<List<Integer>, List<LabPod>> group : byPorts.entrySet()) {
      ObjectNode json = named(service.namespace(), service.name() + "-" + number++);
      json.withObject("/metadata/labels").put(EndpointSlice.SERVICE_LABEL, service.name());
      json.put("addressType", "IPv4");
      ArrayNode endpoints = json.putArray("endpoints");
      group.getValue().forEach(pod -> endpoint(endpoints.addObject(), pod));
      ports(json.putArray("ports"), service, group.getKey());
      add(Kind.ENDPOINT_SLICE, json);
    }
  }

  private static List<Integer> targetPorts(LabService service, LabPod pod) {
    return service.service().spec().ports().stream()
        .map(port ->
            service.backends(port).stream()
                .filter(backend -> backend.pod().equals(pod))
                .map(Backend::port)
                .findFirst()
                .orElse(0))
        .toList();
  }

  private static void endpoint(ObjectNode endpoint, LabPod pod) {
    endpoint.putArray("addresses").add(pod.address().toString());
    endpoint.putObject("conditions").put("ready", true);
    endpoint.put("nodeName", pod.node().name());
    endpoint
        .putObject("targetRef")
        .put("kind", "Pod")
        .put("namespace", pod.namespace())
        .put("name", pod.name());
  }

  private static void ports(ArrayNode ports, LabService service, List<Integer> targets) {
    List<ServicePort> servicePorts = service.service().spec().ports();
    Stream.iterate(0, i -> i < servicePorts.size(), i -> i + 1)
        .filter(i -> targets.get(i) > 0)
        .forEach(i -> {
          ServicePort port = servicePorts.get(i);
          ports
              .addObject()
              .put("name", port.name())
              .put("port", targets.get(i))
              .put("protocol", port.protocol().toString());
        });
  }
}
