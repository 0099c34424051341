package io.margay.app.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningDemoTest {
  @TempDir Path folder;

  @Test
  void isFoundWhileItsProcessLives() {
    StateFolder state = new StateFolder(folder);
    RunningDemo demo = new RunningDemo(ProcessHandle.current().pid(), "k", "http://127.0.0.1:1");
    demo.announce(state);
    assertThat(RunningDemo.find(state)).contains(demo);
    RunningDemo.withdraw(state);
    assertThat(RunningDemo.find(state)).isEmpty();
  }

  @Test
  void whatAKilledOneLeftIsNotFound() throws Exception {
    StateFolder state = new StateFolder(folder);
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    new RunningDemo(ended.pid(), "k", "http://127.0.0.1:1").announce(state);
    assertThat(RunningDemo.find(state)).isEmpty();
  }

  @Test
  void aDamagedFileIsNoDemo() throws IOException {
    StateFolder state = new StateFolder(folder);
    Files.createDirectories(state.demo());
    Files.writeString(state.demo().resolve("demo.json"), "{\"pid\":");
    assertThat(RunningDemo.find(state)).isEmpty();
  }
}
