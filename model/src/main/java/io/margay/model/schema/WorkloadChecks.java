package io.margay.model.schema;

import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold between the fields of pods, services and endpoint slices. */
final class WorkloadChecks {
  private WorkloadChecks() {}

  static void pod(Place spec) {
    if (spec.at("containers").present() && !spec.at("containers").given()) {
      spec.at("containers").problem("empty", "write at least one container");
    }
    Set<String> names = new HashSet<>();
    for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
      for (Place container : spec.at(list).items()) {
        Place name = container.at("name");
        if (name.given() && !names.add(name.text())) {
          name.problem("another container has this name", "write another name");
        }
      }
    }
  }

  static void service(Place spec) {
    if (spec.at("type").text().equals("ExternalName") && !spec.at("externalName").given()) {
      spec.at("externalName").problem("missing", "write the name that the service stands for");
    }
    List<Place> ports = spec.at("ports").items();
    Set<String> names = new HashSet<>();
    for (Place port : ports) {
      Place name = port.at("name");
      if (ports.size() > 1 && !name.given()) {
        name.problem("missing, there is more than one port", "write a name");
      } else if (name.given() && !names.add(name.text())) {
        name.problem("another port has this name", "write another name");
      }
    }
  }

  static void endpointSlice(Place slice) {
    String type = slice.at("addressType").text();
    if (!type.equals("IPv4") && !type.equals("IPv6")) {
      return;
    }
    IpFamily family = type.equals("IPv4") ? IpFamily.IPV4 : IpFamily.IPV6;
    for (Place endpoint : slice.at("endpoints").items()) {
      for (Place address : endpoint.at("addresses").items()) {
        if (!isOf(address.text(), family)) {
          address.problem("not an " + type + " address", "write one, or another addressType");
        }
      }
    }
  }

  private static boolean isOf(String text, IpFamily family) {
    try {
      return IpAddress.parse(text).family() == family;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
