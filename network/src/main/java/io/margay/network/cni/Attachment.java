package io.margay.network.cni;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.kernel.route.MacAddress;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import java.util.List;

/**
 * How a pod is connected: a pair of interfaces, one on the host and one in the pod.
 *
 * @param hostName of the host's side
 * @param podName of the pod's side
 * @param podMac of the pod's side
 * @param sandbox path of the pod's namespace
 * @param addresses of the pod, IPv4 before IPv6
 */
record Attachment(
    String hostName,
    String podName,
    MacAddress podMac,
    String sandbox,
    int mtu,
    List<IpAddress> addresses) {
  Attachment {
    addresses = List.copyOf(addresses);
  }

  /** The result of ADD, as a version of the specification writes it. */
  ObjectNode json(String version) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("cniVersion", version);
    boolean tellsMtu = CniVersions.isAtLeast(version, "1.1.0");
    ArrayNode interfaces = json.putArray("interfaces");
    ObjectNode host = interfaces.addObject();
    host.put("name", hostName).put("mac", PodLink.HOST_MAC.toString());
    ObjectNode pod = interfaces.addObject();
    pod.put("name", podName).put("mac", podMac.toString()).put("sandbox", sandbox);
    if (tellsMtu) {
      host.put("mtu", mtu);
      pod.put("mtu", mtu);
    }
    ArrayNode ips = json.putArray("ips");
    ArrayNode routes = json.putArray("routes");
    for (IpAddress address : addresses) {
      ObjectNode ip = ips.addObject();
      if (!CniVersions.isAtLeast(version, "1.0.0")) {
        ip.put("version", Integer.toString(address.family().version()));
      }
      ip.put("address", address.toCidr().toString());
      ip.put("interface", 1);
      String gateway = PodLink.gateway(address.family());
      ip.put("gateway", gateway);
      routes.addObject().put("dst", everything(address.family())).put("gw", gateway);
    }
    json.putObject("dns");
    return json;
  }

  static String everything(IpFamily family) {
    return switch (family) {
      case IPV4 -> "0.0.0.0/0";
      case IPV6 -> "::/0";
    };
  }
}
