package io.margay.agents.redirect;

import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Where the gateway is, and as whom we speak to it.
 *
 * @param tls shows the workload's SVID, and takes nobody but the gateway
 */
public record GatewayAddress(InetSocketAddress address, SSLContext tls) {

  /**
   * The gateway for a workload.
   *
   * @param gateway its SPIFFE id
   * @param own the workload's SVID, asked for at each handshake
   */
  public static GatewayAddress of(
      InetSocketAddress address, SpiffeId gateway, Supplier<IssuedX509> own, X509Svids svids) {
    return new GatewayAddress(address, SpiffeTls.contextFor(gateway, own, svids));
  }
}
