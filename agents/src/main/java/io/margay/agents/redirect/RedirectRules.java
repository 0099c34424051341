package io.margay.agents.redirect;

/**
 * The nftables of a redirected namespace. They need no exemption for the redirect itself: it hears
 * inside the namespace, and speaks to the gateway from outside.
 */
final class RedirectRules {
  private RedirectRules() {}

  /**
   * The whole table as one transaction, which also replaces an earlier one. What is not TCP over
   * IPv4 goes nowhere, name resolution too. Connections that others open may be answered.
   *
   * @param port of the listener on 127.0.0.1
   */
  static String to(int port) {
    return """
    add table inet margay-redirect
    delete table inet margay-redirect
    table inet margay-redirect {
      chain to-listener {
        type nat hook output priority -100; policy accept;
        meta nfproto ipv4 meta l4proto tcp redirect to :%d
      }
      chain others {
        type filter hook output priority 0; policy drop;
        ct status dnat accept
        ct direction reply accept
      }
    }
    """
        .formatted(port);
  }
}
