package io.margay.agents.identity.spiffe;

import io.margay.agents.identity.token.RefusedTokenException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The bundles of all trust domains that we federate with, by trust domain. One that is missing is
 * not trusted, also if it was before.
 */
public record TrustBundles(Map<String, TrustBundle> byDomain) {

  public TrustBundles {
    byDomain = Map.copyOf(byDomain);
  }

  /** Later bundles replace earlier ones of the same trust domain. */
  public static TrustBundles of(Collection<TrustBundle> bundles) {
    Map<String, TrustBundle> byDomain = new HashMap<>();
    bundles.forEach(bundle -> byDomain.put(bundle.trustDomain(), bundle));
    return new TrustBundles(byDomain);
  }

  /**
   * The bundle of the trust domain that the id is of, and no other: domains never vouch for each
   * other.
   */
  TrustBundle of(SpiffeId id) throws RefusedTokenException {
    TrustBundle bundle = byDomain.get(id.trustDomain());
    if (bundle == null) {
      throw new RefusedTokenException(
          "SPIFFE id: trust domain " + id.trustDomain() + " is not trusted here");
    }
    return bundle;
  }
}
