package io.margay.network.ipam;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpamBlock.Allocation;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Judges whether those whom a block names still have an address. It reads objects as they were
 * written and not their records: a pod that cannot be read whole is still there.
 */
final class AddressHolders {
  private static final String CALICO = "projectcalico.org/";

  /** Annotations of nodes that carry tunnel addresses. */
  private static final List<String> TUNNELS =
      List.of(
          "IPv4IPIPTunnelAddr",
          "IPv4VXLANTunnelAddr",
          "IPv6VXLANTunnelAddr",
          "IPv4WireguardInterfaceAddr",
          "IPv6WireguardInterfaceAddr");

  private final Function<ResourceKey, Optional<KubeObject>> objects;

  /**
   * @param objects finds pods, nodes and services: in what was read before, or in the store
   */
  AddressHolders(Function<ResourceKey, Optional<KubeObject>> objects) {
    this.objects = objects;
  }

  /** What is known of the holder of an address. */
  sealed interface Judgement {
    /** Somebody has it, or soon will. */
    record InUse() implements Judgement {}

    /** Margay does not know whoever has it, so that it cannot be freed. */
    record Unknown(String reason) implements Judgement {}

    /**
     * Nobody has it.
     *
     * @param nodeGone whether the node does not exist either: then nothing can still be running
     */
    record Leaked(String reason, boolean nodeGone) implements Judgement {}
  }

  /** Judges one allocation that is held. */
  Judgement judge(IpAddress address, Allocation held) {
    if (held.handle().isEmpty()) {
      return new Judgement.Unknown("it has no handle");
    }
    if (held.handle().contains(".vmi.") || held.active().containsKey(Owners.MACHINE)) {
      return machine(address, held);
    }
    if (!held.alternate().isEmpty()) {
      return new Judgement.Unknown("it moves from one holder to another");
    }
    return judge(address, held.active());
  }

  private Judgement machine(IpAddress address, Allocation held) {
    boolean runs =
        judge(address, held.active()) instanceof Judgement.InUse
            || judge(address, held.alternate()) instanceof Judgement.InUse;
    return runs
        ? new Judgement.InUse()
        : new Judgement.Unknown("a virtual machine has it, whether it runs or not");
  }

  private Judgement judge(IpAddress address, Map<String, String> holder) {
    String pod = holder.getOrDefault(Owners.POD, "");
    String namespace = holder.getOrDefault(Owners.NAMESPACE, "");
    String node = holder.getOrDefault(Owners.NODE, "");
    if (!pod.isEmpty() && !namespace.isEmpty()) {
      return pod(address, namespace, pod, node);
    }
    String service = holder.getOrDefault(Owners.SERVICE, "");
    if (!service.isEmpty()) {
      return service(namespace.isEmpty() ? service : namespace + "/" + service);
    }
    if (holder.getOrDefault(Owners.TYPE, "").endsWith("TunnelAddress") && !node.isEmpty()) {
      return exists(node)
          ? new Judgement.InUse()
          : new Judgement.Leaked("node " + node + " does not exist", true);
    }
    return new Judgement.Unknown("it names neither a pod nor a service nor a tunnel");
  }

  private Judgement pod(IpAddress address, String namespace, String name, String node) {
    boolean nodeGone = !node.isEmpty() && !exists(node);
    Optional<KubeObject> found = objects.apply(new ResourceKey(Kind.POD, namespace, name));
    String who = "pod " + namespace + "/" + name;
    if (found.isEmpty()) {
      String reason = who + " does not exist" + (nodeGone ? ", nor does node " + node : "");
      return new Judgement.Leaked(reason, nodeGone);
    }
    Addresses addresses = addresses(found.get());
    if (hasEnded(found.get())) {
      return new Judgement.Leaked(who + " has ended", false);
    }
    // A pod without addresses is about to get them; what cannot be read may be this one.
    return !addresses.readable() || addresses.all().isEmpty() || addresses.all().contains(address)
        ? new Judgement.InUse()
        : new Judgement.Leaked(who + " has another address", false);
  }

  private Judgement service(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return new Judgement.Unknown("service " + name + " has no namespace");
    }
    ResourceKey key =
        new ResourceKey(Kind.SERVICE, name.substring(0, slash), name.substring(slash + 1));
    Optional<KubeObject> found = objects.apply(key);
    if (found.isEmpty()) {
      return new Judgement.Leaked("service " + name + " does not exist", false);
    }
    return found.get().json().at("/spec/type").asText().equals("LoadBalancer")
        ? new Judgement.InUse()
        : new Judgement.Leaked("service " + name + " is not of type LoadBalancer", false);
  }

  boolean exists(String node) {
    return objects.apply(new ResourceKey(Kind.NODE, "", node)).isPresent();
  }

  /**
   * The addresses that an object says to have.
   *
   * @param readable whether these are all
   */
  record Addresses(Set<IpAddress> all, boolean readable) {}

  /** The addresses that a pod, or a node's tunnels, or a service have by their own account. */
  static Addresses addresses(KubeObject object) {
    List<String> texts = new ArrayList<>();
    JsonNode annotations = object.json().at("/metadata/annotations");
    switch (object.kind()) {
      case POD -> {
        texts.add(object.json().at("/status/podIP").asText());
        object.json().at("/status/podIPs").forEach(ip -> texts.add(ip.path("ip").asText()));
        String annotated = annotations.path("cni." + CALICO + "podIPs").asText();
        for (String part : annotated.split(",")) {
          texts.add(part.replaceFirst("/(32|128)$", "").strip());
        }
      }
      case NODE -> TUNNELS.forEach(name -> texts.add(annotations.path(CALICO + name).asText()));
      case SERVICE ->
          object
              .json()
              .at("/status/loadBalancer/ingress")
              .forEach(ingress -> texts.add(ingress.path("ip").asText()));
      default -> throw new IllegalArgumentException(object.kind() + " has no addresses");
    }
    Set<IpAddress> all = new HashSet<>();
    boolean readable = true;
    for (String text : texts) {
      try {
        if (!text.isEmpty()) {
          all.add(IpAddress.parse(text));
        }
      } catch (IllegalArgumentException e) {
        readable = false;
      }
    }
    return new Addresses(all, readable);
  }

  static boolean hasEnded(KubeObject pod) {
    String phase = pod.json().at("/status/phase").asText();
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Whether an object uses addresses of pools: pods on the network of their node do not. */
  static boolean usesPools(KubeObject object) {
    return switch (object.kind()) {
      case POD -> !object.json().at("/spec/hostNetwork").asBoolean() && !hasEnded(object);
      case SERVICE -> object.json().at("/spec/type").asText().equals("LoadBalancer");
      default -> true;
    };
  }
}
