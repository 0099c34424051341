package io.margay.agents.identity.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.call.User;
import io.margay.agents.identity.TurnedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revocations, and what is left of them after a restart. */
class FileRevocationsTest {
  private static final String AGENT = "spiffe://shop.example/agent/support";

  @TempDir private Path directory;
  private final TurnedClock clock = new TurnedClock();

  private Path file() {
    return directory.resolve("revocations");
  }

  @Test
  void theySurviveARestart() throws IOException {
    try (FileRevocations revocations = FileRevocations.open(file(), clock)) {
      revocations.revokeAgent(AGENT, "rogue", clock.instant());
      revocations.revokeUser("https://id", "alice", "left", clock.instant());
      revocations.revokeToken("t1", "lost", clock.instant(), clock.instant().plusSeconds(60));
      revocations.revokeAgent("spiffe://shop.example/agent/b", "test", clock.instant());
      revocations.lift(Revocation.Kind.AGENT, "spiffe://shop.example/agent/b");
    }
    try (FileRevocations again = FileRevocations.open(file(), clock)) {
      assertThat(again.all()).hasSize(3);
      assertThat(again.find(List.of(AGENT), Optional.empty(), List.of()))
          .map(Revocation::reason)
          .contains("rogue");
      assertThat(
              again.find(
                  List.of(), Optional.of(new User("https://id", "alice", List.of())), List.of()))
          .isPresent();
      assertThat(
              again.find(
                  List.of(),
                  Optional.of(new User("https://other", "alice", List.of())),
                  List.of("t2")))
          .isEmpty();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void expiredTokensAreForgotten() throws IOException {
    try (FileRevocations revocations = FileRevocations.open(file(), clock)) {
      revocations.revokeToken("t1", "lost", clock.instant(), clock.instant().plusSeconds(60));
    }
    clock.turn(Duration.ofMinutes(2));
    try (FileRevocations again = FileRevocations.open(file(), clock)) {
      again.revokeToken("t2", "lost", clock.instant(), clock.instant().plusSeconds(60));
      assertThat(again.all()).extracting(Revocation::name).containsExactly("t2");
    }
    assertThat(Files.readString(file())).doesNotContain("t1");
  }

  @Test
  void aHalfWrittenLastLineWasNeverPromised() throws IOException {
    try (FileRevocations revocations = FileRevocations.open(file(), clock)) {
      revocations.revokeAgent(AGENT, "rogue", clock.instant());
    }
    Files.writeString(file(), "{\"kind\":\"AGE", StandardOpenOption.APPEND);
    try (FileRevocations again = FileRevocations.open(file(), clock)) {
      again.revokeUser("https://id", "alice", "left", clock.instant());
    }
    try (FileRevocations third = FileRevocations.open(file(), clock)) {
      assertThat(third.all()).hasSize(2);
    }
  }

  @Test
  void aFileThatCannotBeReadStopsTheStart() throws IOException {
    Files.writeString(file(), "{\"kind\":\"AGENT\"}\n");
    assertThatThrownBy(() -> FileRevocations.open(file(), clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 1: not a revocation");
  }

  @Test
  void listenersHearOfWhatIsNew() throws Exception {
    List<String> heard = new ArrayList<>();
    try (FileRevocations revocations = FileRevocations.open(file(), clock);
        AutoCloseable subscription = revocations.listen(one -> heard.add(one.name()))) {
      revocations.revokeAgent(AGENT, "rogue", clock.instant());
      // What another gateway pushes twice is told once.
      revocations.revokeAgent(AGENT, "rogue", clock.instant());
      subscription.close();
      revocations.revokeUser("https://id", "alice", "left", clock.instant());
    }
    assertThat(heard).containsExactly(AGENT);
  }
}
