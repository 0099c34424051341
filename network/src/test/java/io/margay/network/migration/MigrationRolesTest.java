package io.margay.network.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Connections;
import io.margay.model.resource.LiveMigration.Outcome;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.model.resource.ObjectMeta;
import io.margay.network.migration.MigrationRoles.Part;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MigrationRolesTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

  /** Named by its uid. */
  static LiveMigration migration(String uid, int second, String from, String to, Outcome outcome) {
    ObjectMeta metadata =
        new ObjectMeta(
            uid, "prod", "", Map.of(), Map.of(), "", "", 1, NOON.plusSeconds(second), null);
    return new LiveMigration(
        metadata,
        new LiveMigration.Spec(
            "db", new Place(from, "on-" + from), new Place(to, "on-" + to), uid, outcome),
        new LiveMigration.Status(
            Phase.PENDING, List.of(), null, null, Connections.NONE, "", "", null));
  }

  private static Map<String, String> roles(LiveMigration... migrations) {
    Map<String, String> roles = new TreeMap<>();
    MigrationRoles.of(Arrays.asList(migrations))
        .forEach((pod, role) ->
            roles.put(pod.name(), role.part() + " of " + role.migration().spec().uid()));
    return roles;
  }

  @Test
  void bothEndsHaveARoleWhileItIsUnderWay() {
    assertThat(roles(migration("m", 0, "one", "two", Outcome.UNDER_WAY)))
        .containsOnly(Map.entry("one", "SOURCE of m"), Map.entry("two", "TARGET of m"));
  }

  @Test
  void afterwardsOnlyAFailedTargetHasOne() {
    assertThat(roles(migration("m", 0, "one", "two", Outcome.SUCCEEDED))).isEmpty();
    assertThat(roles(migration("m", 0, "one", "two", Outcome.FAILED)))
        .containsOnly(Map.entry("two", Part.FAILED_TARGET + " of m"));
  }

  @Test
  void aTargetIsNoSourceYet() {
    LiveMigration first = migration("a", 0, "one", "two", Outcome.UNDER_WAY);
    LiveMigration second = migration("b", 1, "two", "three", Outcome.UNDER_WAY);
    Map<String, String> expected =
        Map.of("one", "SOURCE of a", "two", "TARGET of a", "three", "TARGET of b");
    assertThat(roles(first, second)).isEqualTo(expected);
    assertThat(roles(second, first)).isEqualTo(expected);
  }

  @Test
  void theNewestDecidesAndThenTheGreatestUid() {
    LiveMigration old = migration("z", 0, "one", "two", Outcome.FAILED);
    LiveMigration young = migration("a", 1, "one", "two", Outcome.UNDER_WAY);
    LiveMigration asYoung = migration("b", 1, "one", "two", Outcome.UNDER_WAY);
    assertThat(roles(young, old)).containsEntry("two", "TARGET of a");
    assertThat(roles(asYoung, young, old))
        .containsEntry("two", "TARGET of b")
        .containsEntry("one", "SOURCE of b");
  }
}
