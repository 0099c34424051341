package io.margay.network.migration;

import io.margay.model.resource.Kind;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.ResourceKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which part pods have in migrations. Pure. */
final class MigrationRoles {
  /** What comes first decides: a target before a source, and then the newest. */
  private static final Comparator<Role> WEAKEST_FIRST =
      Comparator.comparing((Role role) -> role.part() != Part.SOURCE)
          .thenComparing(role -> begun(role.migration()))
          .thenComparing(role -> role.migration().spec().uid());

  private MigrationRoles() {}

  /** The parts that there are. */
  enum Part {
    TARGET,
    /** Of a migration that has failed. */
    FAILED_TARGET,
    SOURCE
  }

  /** A pod's part, and in which migration. */
  record Role(Part part, LiveMigration migration) {}

  /** The parts of all pods that have one. */
  static Map<ResourceKey, Role> of(Collection<LiveMigration> migrations) {
    Map<ResourceKey, Role> roles = new HashMap<>();
    for (LiveMigration migration : migrations) {
      for (Role role : roles(migration)) {
        roles.merge(pod(role), role, (one, other) -> stronger(one, other));
      }
    }
    return roles;
  }

  private static List<Role> roles(LiveMigration migration) {
    return switch (migration.spec().outcome()) {
      case UNDER_WAY -> List.of(new Role(Part.TARGET, migration), new Role(Part.SOURCE, migration));
      case FAILED -> List.of(new Role(Part.FAILED_TARGET, migration));
      case SUCCEEDED -> List.of();
    };
  }

  private static Role stronger(Role one, Role other) {
    return WEAKEST_FIRST.compare(one, other) < 0 ? other : one;
  }

  private static Instant begun(LiveMigration migration) {
    Instant created = migration.metadata().creationTimestamp();
    return created == null ? Instant.MIN : created;
  }

  private static ResourceKey pod(Role role) {
    LiveMigration.Spec spec = role.migration().spec();
    String name = role.part() == Part.SOURCE ? spec.source().pod() : spec.target().pod();
    return pod(role.migration(), name);
  }

  /** What a part means for a pod; null for none. */
  static MigrationEvent event(@Nullable Role role) {
    if (role == null) {
      return MigrationEvent.NONE;
    }
    return switch (role.part()) {
      case SOURCE -> MigrationEvent.SOURCE;
      case FAILED_TARGET -> MigrationEvent.FAILED;
      case TARGET -> target(role.migration());
    };
  }

  /** What a migration means for its target, which may have been told to be one before. */
  static MigrationEvent target(LiveMigration migration) {
    return switch (migration.status().phase()) {
      case LIVE, CONVERGING -> MigrationEvent.TARGET_IN_CHARGE;
      case PENDING, PREPARED, SUCCEEDED, FAILED -> MigrationEvent.TARGET;
    };
  }

  /** The key of a pod of a migration. */
  static ResourceKey pod(LiveMigration migration, String name) {
    return new ResourceKey(Kind.POD, migration.metadata().namespace(), name);
  }
}
