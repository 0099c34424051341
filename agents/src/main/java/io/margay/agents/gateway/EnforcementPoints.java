package io.margay.agents.gateway;

import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svid;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.token.RefusedTokenException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Those who ask for decisions about others' calls and enforce them: proxies, and gateways of other
 * makers. What they say of a call is believed, so they are named one by one.
 */
public final class EnforcementPoints {
  private final Set<String> spiffeIds;
  private final X509Svids svids;
  private final Refusals refusals;

  public EnforcementPoints(Set<String> spiffeIds, X509Svids svids, Refusals refusals) {
    this.spiffeIds = Set.copyOf(spiffeIds);
    this.svids = svids;
    this.refusals = refusals;
  }

  /**
   * The enforcement point that showed these certificates.
   *
   * @param at what it asks, for the record of a refusal
   * @throws Refusal with 401 or 403 when it is none
   */
  public X509Svid known(List<X509Certificate> certificates, String at) throws Refusal {
    if (certificates.isEmpty()) {
      throw refused(
          Optional.empty(), at, 401, "no client certificate says which enforcement point asks");
    }
    X509Svid svid;
    try {
      svid = svids.verify(certificates, X509Svids.Role.CLIENT);
    } catch (RefusedTokenException e) {
      throw refused(Optional.empty(), at, 401, e.reason());
    }
    if (!spiffeIds.contains(svid.id().toString())) {
      throw refused(
          Optional.of(svid.id()),
          at,
          403,
          svid.id() + " is not an enforcement point here: name it with --enforcement-point");
    }
    return svid;
  }

  private Refusal refused(Optional<SpiffeId> who, String at, int status, String reason) {
    refusals.refused(who, at, reason);
    return new Refusal(status, reason);
  }
}
