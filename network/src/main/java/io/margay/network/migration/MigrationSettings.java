package io.margay.network.migration;

import java.time.Duration;

/**
 * How a node takes part in migrations; the defaults are Calico's.
 *
 * @param node whose pods they are
 * @param convergence how long a route stays elevated after a migration
 * @param grace how long a target leaves it to the source to say what became of a failed migration
 */
public record MigrationSettings(String node, Duration convergence, Duration grace) {
  public static MigrationSettings defaults(String node) {
    return new MigrationSettings(node, Duration.ofSeconds(30), Duration.ofSeconds(5));
  }
}
