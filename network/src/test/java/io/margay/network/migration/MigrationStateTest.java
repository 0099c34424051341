package io.margay.network.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.network.route.RoutePriority;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MigrationStateTest {
  /** Every state with every event. */
  @ParameterizedTest
  @CsvSource({
    // event,         NORMAL,  TARGET,  LIVE,    WAITING, FAILED
    "TARGET,           TARGET,  TARGET,  LIVE,    LIVE,    FAILED",
    "TARGET_IN_CHARGE, LIVE,    LIVE,    LIVE,    LIVE,    FAILED",
    "SOURCE,           NORMAL,  NORMAL,  NORMAL,  NORMAL,  NORMAL",
    "NONE,             NORMAL,  WAITING, WAITING, WAITING, FAILED",
    "FAILED,           FAILED,  FAILED,  FAILED,  FAILED,  FAILED",
    "REMOVED,          NORMAL,  NORMAL,  NORMAL,  NORMAL,  NORMAL",
    "ANNOUNCED,        NORMAL,  LIVE,    LIVE,    WAITING, FAILED",
    "CONVERGED,        NORMAL,  TARGET,  LIVE,    NORMAL,  FAILED",
  })
  void eachEventLeadsToOneState(
      MigrationEvent event,
      MigrationState normal,
      MigrationState target,
      MigrationState live,
      MigrationState waiting,
      MigrationState failed) {
    assertThat(Arrays.stream(MigrationState.values()).map(state -> state.on(event)))
        .containsExactly(normal, target, live, waiting, failed);
  }

  private static MigrationState after(MigrationEvent... events) {
    return Stream.of(events)
        .reduce(MigrationState.NORMAL, MigrationState::on, (first, second) -> second);
  }

  @Test
  void onlyTheFirstElevatedStateTakesOver() {
    assertThat(MigrationState.LIVE.takesOver(MigrationState.TARGET)).isTrue();
    assertThat(MigrationState.WAITING.takesOver(MigrationState.TARGET)).isTrue();
    assertThat(MigrationState.LIVE.takesOver(MigrationState.NORMAL)).isTrue();
    assertThat(MigrationState.WAITING.takesOver(MigrationState.LIVE)).isFalse();
    assertThat(MigrationState.NORMAL.takesOver(MigrationState.WAITING)).isFalse();
  }

  @Test
  void aTargetThatIsSourceAtOnceGivesItsPriorityBack() {
    MigrationState waiting =
        after(MigrationEvent.TARGET, MigrationEvent.ANNOUNCED, MigrationEvent.NONE);
    assertThat(waiting.priority()).isEqualTo(RoutePriority.ELEVATED);
    assertThat(waiting.on(MigrationEvent.SOURCE).priority()).isEqualTo(RoutePriority.NORMAL);
    // Its timer still runs and ends later.
    assertThat(waiting.on(MigrationEvent.SOURCE).on(MigrationEvent.CONVERGED))
        .isEqualTo(MigrationState.NORMAL);
  }

  @Test
  void aMissedAnnouncementTakesOverWhenTheMigrationIsOver() {
    MigrationState state = after(MigrationEvent.TARGET, MigrationEvent.NONE);
    assertThat(state).isEqualTo(MigrationState.WAITING);
    assertThat(state.takesOver(MigrationState.TARGET)).isTrue();
    assertThat(state.listens()).isFalse();
  }

  @Test
  void aFailedTargetIsNotRoutedWhateverComesLater() {
    MigrationState failed = after(MigrationEvent.TARGET, MigrationEvent.FAILED);
    assertThat(failed.on(MigrationEvent.ANNOUNCED).priority()).isEqualTo(RoutePriority.NONE);
    assertThat(failed.on(MigrationEvent.NONE).priority()).isEqualTo(RoutePriority.NONE);
    assertThat(failed.on(MigrationEvent.REMOVED)).isEqualTo(MigrationState.NORMAL);
  }
}
