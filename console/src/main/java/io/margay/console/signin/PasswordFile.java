package io.margay.console.signin;

import io.margay.console.access.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * Names and hashed passwords of those who may use this console, one {@code NAME:HASH} a line. Read
 * anew for every attempt, so that a change needs no restart.
 */
public final class PasswordFile {
  /** Short enough for a log line, and free of the separator. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");

  private static final int LEAST_LENGTH = 8;
  private static final int MOST_LENGTH = 1024;
  private static final String OWNER_ONLY = "rw-------";

  /** Takes the place of the hash of a name that nobody has, so that both take the same time. */
  private static final PasswordHash NOBODY = PasswordHash.of(new char[] {'-'});

  private final Path file;

  /** Hashing costs a third of a second of a core on purpose; attempts must not take all cores. */
  private final Semaphore atOnce = new Semaphore(1);

  public PasswordFile(Path file) {
    this.file = file;
  }

  /** Whether anybody has a password. */
  public boolean exists() {
    return Files.isReadable(file);
  }

  /**
   * The user, if the password is right.
   *
   * @throws IOException if the file cannot be read or has a line that is not understood
   */
  Optional<Identity> check(String name, char[] password) throws IOException {
    PasswordHash known = read().getOrDefault(name, NOBODY);
    if (password.length > MOST_LENGTH) {
      return Optional.empty();
    }
    atOnce.acquireUninterruptibly();
    try {
      boolean right = known.matches(password) && known != NOBODY;
      return right ? Optional.of(Identity.local(name)) : Optional.empty();
    } finally {
      atOnce.release();
    }
  }

  /**
   * Gives a user a password, and makes the file if there is none; readable by its owner only.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public void put(String name, char[] password) throws IOException {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name \"" + name + "\": write 1 to 64 letters, digits, or any of . _ @ -");
    }
    if (password.length < LEAST_LENGTH || password.length > MOST_LENGTH) {
      throw new IllegalArgumentException(
          "a password needs %d to %d characters".formatted(LEAST_LENGTH, MOST_LENGTH));
    }
    Map<String, PasswordHash> all = read();
    all.put(name, PasswordHash.of(password));
    write(all);
  }

  /** Takes a user's password away; returns whether there was one. */
  public boolean remove(String name) throws IOException {
    Map<String, PasswordHash> all = read();
    boolean removed = all.remove(name) != null;
    if (removed) {
      write(all);
    }
    return removed;
  }

  private Map<String, PasswordHash> read() throws IOException {
    Map<String, PasswordHash> all = new TreeMap<>();
    int number = 0;
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int colon = line.indexOf(':');
        all.put(
            line.substring(0, Math.max(colon, 0)), PasswordHash.parse(line.substring(colon + 1)));
      }
    } catch (NoSuchFileException e) {
      return all;
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "password file %s, line %d: %s; mend it with margay console passwd"
              .formatted(file, number, e.getMessage()),
          e);
    }
    return all;
  }

  private void write(Map<String, PasswordHash> all) throws IOException {
    StringBuilder text = new StringBuilder();
    all.forEach((name, hash) -> text.append(name).append(':').append(hash).append('\n'));
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    Files.writeString(draft, text.toString(), StandardCharsets.UTF_8);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
