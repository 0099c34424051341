package io.margay.agents.identity.token;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a token comes from.
 *
 * @param id its {@code jti}, or {@code sha256:…} of the token if the issuer gave it none
 * @param ancestors ids of the tokens that it was made from, the first one first; empty for a user's
 *     own token. To revoke one of them revokes this token
 * @param actors SPIFFE ids of the agents that it was handed through, the first one first
 * @param depthMax how many agents there may be
 */
public record Lineage(String id, List<String> ancestors, List<String> actors, int depthMax) {

  public Lineage {
    ancestors = List.copyOf(ancestors);
    actors = List.copyOf(actors);
  }

  /** Of the token with which the chain began. */
  public String root() {
    return ancestors.isEmpty() ? id : ancestors.getFirst();
  }

  /** How many agents the token was handed through. */
  public int depth() {
    return actors.size();
  }

  /** The ancestors of a token that is made from this one. */
  public List<String> ancestorsOfChild() {
    List<String> all = new ArrayList<>(ancestors);
    all.add(id);
    return all;
  }
}
