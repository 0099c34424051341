package io.margay.agents.gateway;

import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.spiffe.X509Svid;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.RefusedTokenException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * Those who ask for decisions about others' calls and enforce them: proxies, and gateways of other
 * makers. What they say of a call is believed, so they are named one by one.
 */
public final class EnforcementPoints {
  private final Set<String> spiffeIds;
  private final X509Svids svids;

  public EnforcementPoints(Set<String> spiffeIds, X509Svids svids) {
    this.spiffeIds = Set.copyOf(spiffeIds);
    this.svids = svids;
  }

  /**
   * The enforcement point that showed these certificates.
   *
   * @throws Refusal with 401 or 403 when it is none
   */
  public X509Svid known(List<X509Certificate> certificates) throws Refusal {
    if (certificates.isEmpty()) {
      throw new Refusal(401, "no client certificate says which enforcement point asks");
    }
    try {
      X509Svid svid = svids.verify(certificates, X509Svids.Role.CLIENT);
      if (!spiffeIds.contains(svid.id().toString())) {
        throw new Refusal(
            403, svid.id() + " is not an enforcement point here: name it with --enforcement-point");
      }
      return svid;
    } catch (RefusedTokenException e) {
      throw new Refusal(401, e.reason());
    }
  }
}
