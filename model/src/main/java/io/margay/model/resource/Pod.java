package io.margay.model.resource;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A pod: the workload that policies select. */
public record Pod(ObjectMeta metadata, Spec spec, Status status) implements Resource {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public Pod {
    spec = spec == null ? new Spec("", "default", false, List.of()) : spec;
    status = status == null ? new Status("", List.of()) : status;
  }

  @Override
  public Kind kind() {
    return Kind.POD;
  }

  /** Whether the pod has ended, so that its addresses are no longer its own. */
  public boolean finished() {
    return status.phase().equals("Succeeded") || status.phase().equals("Failed");
  }

  /**
   * The name of the host's side of the pod's network interface: {@code cali} and 11 hexadecimal
   * digits of a hash of the pod's name, as Calico names it.
   */
  public String hostInterface() {
    return hostInterface(metadata.namespace(), metadata.name());
  }

  /** The same for a pod of which only the name is known. */
  public static String hostInterface(String namespace, String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((namespace + "." + name).getBytes(StandardCharsets.UTF_8));
      return "cali" + HexFormat.of().formatHex(digest).substring(0, 11);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }

  /**
   * The part of the pod's specification that policy needs.
   *
   * @param nodeName empty until the pod is scheduled
   */
  public record Spec(
      String nodeName, String serviceAccountName, boolean hostNetwork, List<Container> containers) {
    @SuppressWarnings("NullAway")
    public Spec {
      nodeName = nodeName == null ? "" : Shared.of(nodeName);
      serviceAccountName =
          serviceAccountName == null || serviceAccountName.isEmpty()
              ? "default"
              : Shared.of(serviceAccountName);
      containers = containers == null ? List.of() : Shared.of(List.copyOf(containers));
    }
  }

  public record Container(String name, List<ContainerPort> ports) {
    @SuppressWarnings("NullAway")
    public Container {
      name = name == null ? "" : name;
      ports = ports == null ? List.of() : List.copyOf(ports);
    }
  }

  /**
   * A port that a container declares.
   *
   * @param name empty when the port has none
   */
  public record ContainerPort(String name, int containerPort, Protocol protocol) {
    @SuppressWarnings("NullAway")
    public ContainerPort {
      name = name == null ? "" : name;
      protocol = protocol == null ? Protocol.TCP : protocol;
    }
  }

  /**
   * The pod's state.
   *
   * @param podIPs one address per family, empty until the pod has a network
   */
  public record Status(String phase, List<PodIp> podIPs) {
    @SuppressWarnings("NullAway")
    public Status {
      phase = phase == null ? "" : Shared.of(phase);
      podIPs = podIPs == null ? List.of() : List.copyOf(podIPs);
    }
  }

  public record PodIp(IpAddress ip) {}
}
