package io.margay.agents.approval;

import java.util.Set;

/**
 * A person who approves or refuses, as whoever signed them in says.
 *
 * @param issuer of the person's token; empty when they signed in without one
 * @param name the person's name there
 */
public record Approver(String issuer, String name, Set<String> groups) {
  public Approver {
    groups = Set.copyOf(groups);
  }
}
