package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Node;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the things that policies select and name: pods, nodes, services, host endpoints. */
final class WorkloadDecoder {
  private WorkloadDecoder() {}

  static Node node(ObjectMeta metadata, Field root) {
    Field spec = root.at("spec");
    List<Cidr> podCidrs =
        spec.at("podCIDRs").present()
            ? spec.at("podCIDRs").items(net -> net.parsed(Cidr::parse))
            : spec.at("podCIDR").parsed(Cidr::parse).stream().toList();
    return new Node(
        metadata,
        new Node.Spec(podCidrs),
        new Node.Status(root.at("status").at("addresses").items(WorkloadDecoder::nodeAddress)));
  }

  private static Optional<Node.NodeAddress> nodeAddress(Field address) {
    String type = address.at("type").text();
    boolean numeric = type.equals("InternalIP") || type.equals("ExternalIP");
    if (numeric && address.at("address").required(IpAddress::parse).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Node.NodeAddress(type, address.at("address").text()));
  }

  static Pod pod(ObjectMeta metadata, Field root) {
    Field spec = root.at("spec");
    Field status = root.at("status");
    List<Pod.Container> containers =
        new ArrayList<>(spec.at("containers").items(WorkloadDecoder::container));
    // An init container that restarts always is a sidecar: it serves as long as the pod runs.
    spec.at("initContainers").items().stream()
        .filter(container -> container.at("restartPolicy").text().equals("Always"))
        .map(WorkloadDecoder::container)
        .flatMap(Optional::stream)
        .forEach(containers::add);
    List<Pod.PodIp> addresses =
        status.at("podIPs").items(ip -> ip.at("ip").required(IpAddress::parse).map(Pod.PodIp::new));
    if (addresses.isEmpty() && !status.at("podIP").text().isEmpty()) {
      addresses = status.at("podIP").parsed(IpAddress::parse).map(Pod.PodIp::new).stream().toList();
    }
    String account = spec.at("serviceAccountName").text();
    return new Pod(
        metadata,
        new Pod.Spec(
            spec.at("nodeName").text(),
            account.isEmpty() ? spec.at("serviceAccount").text() : account,
            spec.at("hostNetwork").flag(),
            containers),
        new Pod.Status(status.at("phase").text(), addresses));
  }

  private static Optional<Pod.Container> container(Field container) {
    return Optional.of(
        new Pod.Container(
            container.at("name").text(),
            container.at("ports").items(WorkloadDecoder::containerPort)));
  }

  /** A port that cannot be read has no name by which a rule could find it. */
  private static Optional<Pod.ContainerPort> containerPort(Field port) {
    Field.Mark mark = port.mark();
    Integer number = port.at("containerPort").integer(1, 65535);
    Protocol protocol = port.at("protocol").parsed(Protocol::parse).orElse(Protocol.TCP);
    return number == null || mark.failure() != null
        ? Optional.empty()
        : Optional.of(new Pod.ContainerPort(port.at("name").text(), number, protocol));
  }

  static Service service(ObjectMeta metadata, Field root) {
    Field spec = root.at("spec");
    String type = spec.at("type").text();
    List<String> addresses = spec.at("clusterIPs").items(ip -> ip.parsed(text -> text));
    if (addresses.isEmpty() && !spec.at("clusterIP").text().isEmpty()) {
      addresses = List.of(spec.at("clusterIP").text());
    }
    return new Service(
        metadata,
        new Service.Spec(
            type.isEmpty() ? "ClusterIP" : type,
            spec.at("selector").texts(),
            addresses,
            spec.at("ports").items(WorkloadDecoder::servicePort),
            spec.at("externalIPs").items(ip -> ip.parsed(IpAddress::parse)),
            spec.at("externalTrafficPolicy").text().equals("Local")),
        root.at("status").at("loadBalancer").at("ingress").items(WorkloadDecoder::ingress));
  }

  /** Some load balancers have a name instead. */
  private static Optional<IpAddress> ingress(Field ingress) {
    return ingress.at("ip").text().isEmpty()
        ? Optional.empty()
        : ingress.at("ip").parsed(IpAddress::parse);
  }

  private static Optional<Service.ServicePort> servicePort(Field port) {
    Field.Mark mark = port.mark();
    Integer number = port.at("port").integer(1, 65535);
    Protocol protocol = port.at("protocol").parsed(Protocol::parse).orElse(Protocol.TCP);
    if (number == null || mark.failure() != null) {
      return Optional.empty();
    }
    String target = port.at("targetPort").text();
    return Optional.of(
        new Service.ServicePort(
            port.at("name").text(),
            protocol,
            number,
            target.isEmpty() || target.equals("0") ? Integer.toString(number) : target));
  }

  static EndpointSlice endpointSlice(ObjectMeta metadata, Field root) {
    String type = root.at("addressType").text();
    return new EndpointSlice(
        metadata,
        type.isEmpty() ? "IPv4" : type,
        root.at("endpoints").items(WorkloadDecoder::endpoint),
        root.at("ports").items(WorkloadDecoder::endpointPort));
  }

  private static Optional<EndpointSlice.Endpoint> endpoint(Field endpoint) {
    Field conditions = endpoint.at("conditions");
    return Optional.of(
        new EndpointSlice.Endpoint(
            endpoint.at("addresses").items(address -> address.parsed(text -> text)),
            conditions.present()
                ? new EndpointSlice.Conditions(
                    conditions.at("ready").optionalFlag(),
                    conditions.at("serving").optionalFlag(),
                    conditions.at("terminating").optionalFlag())
                : null,
            endpoint.at("nodeName").text()));
  }

  private static Optional<EndpointSlice.EndpointPort> endpointPort(Field port) {
    Field.Mark mark = port.mark();
    Integer number = port.at("port").integer(0, 65535);
    Protocol protocol = port.at("protocol").parsed(Protocol::parse).orElse(Protocol.TCP);
    return mark.failure() == null
        ? Optional.of(new EndpointSlice.EndpointPort(port.at("name").text(), protocol, number))
        : Optional.empty();
  }

  static HostEndpoint hostEndpoint(ObjectMeta metadata, Field spec) {
    return new HostEndpoint(
        metadata,
        new HostEndpoint.Spec(
            spec.at("node").text(),
            spec.at("interfaceName").text(),
            spec.at("expectedIPs").items(ip -> ip.parsed(IpAddress::parse)),
            spec.at("profiles").items(profile -> profile.parsed(text -> text)),
            spec.at("ports").items(WorkloadDecoder::hostPort)));
  }

  private static Optional<HostEndpoint.EndpointPort> hostPort(Field port) {
    Optional<Protocol> protocol = port.at("protocol").required(Protocol::parse);
    Integer number = port.at("port").integer(1, 65535);
    return number == null
        ? Optional.empty()
        : protocol.map(p -> new HostEndpoint.EndpointPort(port.at("name").text(), p, number));
  }
}
