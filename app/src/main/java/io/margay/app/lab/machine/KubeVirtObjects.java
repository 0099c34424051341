package io.margay.app.lab.machine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes what a cluster's own programs write: pods and their status, as the kubelet, and machines
 * and their migrations, as KubeVirt. The network reads nothing else of them.
 */
final class KubeVirtObjects {
  static final String NAMESPACE = "machines";
  static final String MACHINE = "database";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ResourceStore store;

  KubeVirtObjects(ResourceStore store) {
    this.store = store;
  }

  void createNode(String name, IpAddress address) {
    ObjectNode json = object(Kind.NODE, "", name);
    json.withObject("/metadata/labels").put("kubernetes.io/hostname", name);
    json.putObject("status")
        .putArray("addresses")
        .addObject()
        .put("type", "InternalIP")
        .put("address", address.toString());
    store.create(new KubeObject(Kind.NODE, json));
  }

  void createPod(String name, String node, Map<String, String> labels) {
    store.create(new KubeObject(Kind.POD, pod(name, node, labels)));
  }

  private static ObjectNode pod(String name, String node, Map<String, String> labels) {
    ObjectNode json = object(Kind.POD, NAMESPACE, name);
    ObjectNode written = json.withObject("/metadata/labels");
    labels.forEach(written::put);
    ObjectNode spec = json.putObject("spec").put("nodeName", node);
    spec.putArray("containers").addObject().put("name", "main").put("image", "margay.io/lab/vm");
    json.putObject("status").put("phase", "Pending");
    return json;
  }

  /**
   * The pod that a machine runs in, or will.
   *
   * @param migration uid of the migration that it is the target of; empty for none
   */
  void createLauncher(String name, String node, String migration) {
    KubeObject machine = read(Kind.VIRTUAL_MACHINE_INSTANCE, MACHINE);
    String uid = machine.json().at("/metadata/uid").asText();
    ObjectNode json =
        pod(
            name,
            node,
            Map.of(
                "kubevirt.io", "virt-launcher",
                "kubevirt.io/created-by", uid,
                "kubevirt.io/vm", MACHINE,
                "vm.kubevirt.io/name", MACHINE,
                "vmi.kubevirt.io/id", MACHINE));
    json.withObject("/metadata/annotations").put("kubevirt.io/domain", MACHINE);
    if (!migration.isEmpty()) {
      json.withObject("/metadata/labels").put("kubevirt.io/migrationJobUID", migration);
    }
    json.withObject("/metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", Kind.VIRTUAL_MACHINE_INSTANCE.apiVersion())
        .put("kind", Kind.VIRTUAL_MACHINE_INSTANCE.kind())
        .put("name", MACHINE)
        .put("uid", uid)
        .put("controller", true)
        .put("blockOwnerDeletion", true);
    store.create(new KubeObject(Kind.POD, json));
  }

  /** The pod runs, with the address that the plugin gave it. */
  void podRuns(String name, IpAddress address) {
    changeStatus(
        Kind.POD,
        name,
        json -> {
          ObjectNode status = json.withObject("/status").put("phase", "Running");
          status.put("podIP", address.toString());
          status.putArray("podIPs").addObject().put("ip", address.toString());
        });
  }

  /** Its containers ended; what it had of the network may still be there. */
  void podEnds(String name) {
    changeStatus(Kind.POD, name, json -> json.withObject("/status").put("phase", "Succeeded"));
  }

  void deletePod(String name) {
    store.delete(new ResourceKey(Kind.POD, NAMESPACE, name), "");
  }

  /** The machine runs on a node. */
  void machineRuns(Launcher launcher) {
    changeStatus(
        Kind.VIRTUAL_MACHINE_INSTANCE,
        MACHINE,
        json -> {
          ObjectNode status = json.withObject("/status");
          status.put("phase", "Running").put("nodeName", launcher.node().name());
          ObjectNode network = status.putArray("interfaces").addObject();
          network.put("name", "default").put("ipAddress", launcher.address().toString());
          network.put("mac", launcher.mac().toString());
        });
  }

  /**
   * Begins a migration.
   *
   * @return its uid
   */
  String createMigration(String name) {
    ObjectNode json = object(Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION, NAMESPACE, name);
    json.putObject("spec").put("vmiName", MACHINE);
    json.putObject("status").put("phase", "Pending");
    KubeObject created =
        store.create(new KubeObject(Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION, json));
    return created.json().at("/metadata/uid").asText();
  }

  /** Tells how far a migration is, in KubeVirt's phases. */
  void migrationIs(String name, String phase) {
    changeStatus(
        Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION,
        name,
        json -> json.withObject("/status").put("phase", phase));
  }

  /** Tells from where to where, which is known once the target's pod is there. */
  void migrationGoes(String name, String uid, Launcher source, String targetPod, String node) {
    changeStatus(
        Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION,
        name,
        json -> {
          ObjectNode status = json.withObject("/status").put("phase", "Scheduling");
          state(status, uid, source, targetPod, node);
        });
    changeStatus(
        Kind.VIRTUAL_MACHINE_INSTANCE,
        MACHINE,
        json -> state(json.withObject("/status"), uid, source, targetPod, node));
  }

  private static void state(
      ObjectNode status, String uid, Launcher source, String targetPod, String node) {
    status
        .putObject("migrationState")
        .put("migrationUid", uid)
        .put("startTimestamp", Instant.now().toString())
        .put("sourcePod", source.name())
        .put("sourceNode", source.node().name())
        .put("targetPod", targetPod)
        .put("targetNode", node);
  }

  private static ObjectNode object(Kind kind, String namespace, String name) {
    ObjectNode json = JSON.objectNode();
    json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    ObjectNode metadata = json.putObject("metadata").put("name", name);
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return json;
  }

  private KubeObject read(Kind kind, String name) {
    return store.get(new ResourceKey(kind, NAMESPACE, name)).orElseThrow();
  }

  private void changeStatus(Kind kind, String name, Consumer<ObjectNode> change) {
    ObjectNode json = read(kind, name).json().deepCopy();
    // Whatever version it is: nobody else writes this part.
    json.withObject("/metadata").remove("resourceVersion");
    change.accept(json);
    store.updateStatus(new KubeObject(kind, json));
  }
}
