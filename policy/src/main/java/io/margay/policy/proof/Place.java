package io.margay.policy.proof;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.policy.table.EndpointId;
import org.jspecify.annotations.Nullable;

/**
 * Where traffic can start or end: one address of an endpoint, or the addresses of a prefix that
 * nobody has and that no longer prefix covers.
 *
 * @param endpoint null for addresses that no endpoint has
 * @param address the endpoint's, or one that stands for the whole prefix
 */
public record Place(@Nullable EndpointId endpoint, Cidr prefix, IpAddress address) {

  /** Whether two places are one endpoint, which does not send packets to itself. */
  boolean same(Place other) {
    return endpoint != null && endpoint.equals(other.endpoint);
  }

  /** {@code shop/web (10.0.0.1)}, or an address with the prefix for which it stands. */
  @Override
  public String toString() {
    if (endpoint != null) {
      return endpoint + " (" + address + ")";
    }
    return address + (prefix.isSingle() ? "" : " (in " + prefix + ")");
  }
}
