package io.margay.agents.registry;

import java.util.Set;

/**
 * What a session did before a call, as far as policies can ask.
 *
 * @param calls that were let through or held
 * @param readDataClasses classes of the data that those calls could read
 */
public record SessionFacts(long calls, Set<String> readDataClasses) {
  public static final SessionFacts NONE = new SessionFacts(0, Set.of());

  public SessionFacts {
    readDataClasses = Set.copyOf(readDataClasses);
  }
}
