package io.margay.app.lab.cluster;

import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Service.ServicePort;
import java.util.List;
import java.util.Locale;

/**
 * The services of the lab as an nftables table of their own, standing in for kube-proxy: a
 * connection to a cluster address goes to one of the pods behind it, by lot.
 */
final class ServiceRules {
  static final String TABLE = "margay-services";

  private ServiceRules() {}

  /** The whole table as one transaction, which also replaces an earlier one. */
  static String render(List<LabService> services) {
    StringBuilder chains = new StringBuilder();
    StringBuilder elements = new StringBuilder();
    int number = 0;
    for (LabService service : services) {
      IpAddress address = service.clusterAddress();
      if (address == null) {
        continue;
      }
      for (ServicePort port : service.service().spec().ports()) {
        List<Backend> backends = service.backends(port);
        if (backends.isEmpty() || !port.protocol().hasPorts()) {
          continue;
        }
        String chain = "service-" + number++;
        chains.append(chain(chain, backends, name(port.protocol())));
        elements
            .append("      ")
            .append(address)
            .append(" . ")
            .append(name(port.protocol()))
            .append(" . ")
            .append(port.port())
            .append(" : goto ")
            .append(chain)
            .append(",\n");
      }
    }
    String map =
        """
          map services {
            type ipv4_addr . inet_proto . inet_service : verdict
        %s  }
        """
            .formatted(elements.isEmpty() ? "" : "    elements = {\n" + elements + "    }\n");
    return """
    add table ip %1$s
    delete table ip %1$s
    table ip %1$s {
    %2$s%3$s  chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        ip daddr . meta l4proto . th dport vmap @services
      }
      chain output {
        type nat hook output priority -100; policy accept;
        ip daddr . meta l4proto . th dport vmap @services
      }
    }
    """
        .formatted(TABLE, chains, map);
  }

  private static String chain(String chain, List<Backend> backends, String protocol) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < backends.size(); i++) {
      Backend backend = backends.get(i);
      text.append("  chain %s-%d {\n".formatted(chain, i))
          .append("    meta l4proto %s dnat to ".formatted(protocol))
          .append("%s:%d\n  }\n".formatted(backend.pod().address(), backend.port()));
    }
    text.append("  chain %s {\n    numgen random mod %d vmap {".formatted(chain, backends.size()));
    for (int i = 0; i < backends.size(); i++) {
      text.append(" %d : goto %s-%d,".formatted(i, chain, i));
    }
    return text.append(" }\n  }\n").toString();
  }

  private static String name(Protocol protocol) {
    return protocol.toString().toLowerCase(Locale.ROOT);
  }
}
