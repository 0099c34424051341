package io.margay.app.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How this user's commands sign in to a console of this user: a token, in a file that nobody else
 * can read. It is sent to the console that it belongs to and to no other.
 *
 * @param console the address, without a slash at the end
 */
public record ConsoleToken(String console, String token) {
  private static final String FILE = "console-token.json";
  private static final JsonMapper JSON = new JsonMapper();

  /** Tells other commands. */
  public void announce(Path folder) throws IOException {
    Path draft = StateFolder.create(folder).resolve(FILE + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, JSON.writeValueAsString(this));
    Files.move(draft, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The token for a console, if this user runs it. */
  public static Optional<ConsoleToken> find(StateFolder state, String console) {
    return Stream.of(state.demo(), state.root())
        .flatMap(folder -> read(folder.resolve(FILE)).stream())
        .filter(token -> token.console.equals(console))
        .findFirst();
  }

  /** The token, and the address, of the console that {@code up} runs. */
  public static Optional<ConsoleToken> ofUp(StateFolder state) {
    return read(state.root().resolve(FILE));
  }

  private static Optional<ConsoleToken> read(Path file) {
    try {
      return Optional.of(JSON.readValue(Files.readString(file), ConsoleToken.class));
    } catch (NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Tells them that it is over. */
  public static void withdraw(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
