package io.margay.app.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * How other commands reach the demo that runs on this machine: they use its API server and its flow
 * records when they are told no others.
 *
 * @param pid its process
 * @param kubeconfig the file by which kubectl reaches its API server
 * @param console the address of its page and of its HTTP API, without a slash at the end
 */
public record RunningDemo(long pid, String kubeconfig, String console) {
  private static final String FILE = "demo.json";
  private static final JsonMapper JSON = new JsonMapper();

  /** The demo of this user, if one is running. */
  public static Optional<RunningDemo> find() {
    return find(StateFolder.ofUser());
  }

  /** The demo that wrote into a state folder, if it is still running. */
  public static Optional<RunningDemo> find(StateFolder state) {
    try {
      RunningDemo demo =
          JSON.readValue(Files.readString(state.demo().resolve(FILE)), RunningDemo.class);
      return ProcessHandle.of(demo.pid).isPresent() ? Optional.of(demo) : Optional.empty();
    } catch (NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells other commands. */
  public void announce(StateFolder state) {
    try {
      Path folder = StateFolder.create(state.demo());
      Path draft = Files.writeString(folder.resolve(FILE + ".new"), JSON.writeValueAsString(this));
      Files.move(draft, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells them that it is over. */
  public static void withdraw(StateFolder state) {
    try {
      Files.deleteIfExists(state.demo().resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
