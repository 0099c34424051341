package io.margay.kernel.route;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** An interface to make. Names have at most 15 bytes. */
public sealed interface LinkSpec {
  /** The longest name that the kernel takes, in bytes. */
  int MAX_NAME_BYTES = 15;

  String name();

  /** A bridge. */
  record Bridge(String name) implements LinkSpec {
    public Bridge {
      LinkNames.check(name);
    }
  }

  /**
   * A VXLAN tunnel end without multicast. Without learning, its forwarding entries must be added.
   *
   * @param id the VXLAN network identifier
   * @param port the UDP port; Calico and the standard use 4789
   * @param local the address from which it sends; null when the route decides
   */
  record Vxlan(String name, int id, int port, @Nullable InetAddress local, boolean learning)
      implements LinkSpec {
    public Vxlan {
      LinkNames.check(name);
      if (id < 0 || id >= 1 << 24) {
        throw new IllegalArgumentException("vxlan id " + id + ": must be 0 to 16777215");
      }
    }
  }
}
