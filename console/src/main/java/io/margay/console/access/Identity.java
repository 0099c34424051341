package io.margay.console.access;

import java.util.List;

/**
 * A user whom somebody vouched for.
 *
 * @param user as the cluster's role bindings name it
 * @param groups likewise
 * @param local whether this machine vouches: with the token file, a one-time link or the password
 *     file. No cluster knows such a user
 */
public record Identity(String user, List<String> groups, boolean local) {
  public Identity {
    groups = List.copyOf(groups);
  }

  /** Somebody who may use this machine. */
  public static Identity local(String user) {
    return new Identity(user, List.of(), true);
  }

  /** A user of the cluster. */
  public static Identity ofCluster(String user, List<String> groups) {
    return new Identity(user, groups, false);
  }
}
