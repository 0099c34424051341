package io.margay.network.bgp;

import io.margay.model.resource.SecretKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Passwords of sessions, out of a folder in which each Secret is a folder and each of its keys a
 * file, as Kubernetes mounts them. So no API need give Secrets away, and a changed one is seen at
 * the next look.
 */
public final class BgpPasswords {
  /** The kernel takes no longer key for TCP's MD5 signatures. */
  private static final int MOST_CHARACTERS = 80;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*)");

  /** It is written between quotes in BIRD's configuration, which knows no escapes. */
  private static final Pattern WRITABLE = Pattern.compile("[ !#-~]{1," + MOST_CHARACTERS + "}");

  private final @Nullable Path folder;

  private BgpPasswords(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Where no folder is given: whoever needs a password gets none. */
  public static BgpPasswords none() {
    return new BgpPasswords(null);
  }

  public static BgpPasswords in(Path folder) {
    return new BgpPasswords(folder);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it cannot be had; the message never has the password
   */
  String read(SecretKey reference) {
    if (folder == null) {
      throw new IllegalArgumentException(
          reference + ": say --secrets DIR, where Secrets are mounted");
    }
    if (!NAME.matcher(reference.secret()).matches() || !NAME.matcher(reference.key()).matches()) {
      throw new IllegalArgumentException(reference + ": no name of a Secret and its key");
    }
    Path file = folder.resolve(reference.secret()).resolve(reference.key());
    String text;
    try {
      text = Files.readString(file).stripTrailing();
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(reference + ": there is no file " + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          reference + ": " + file + " cannot be read: " + e.getMessage(), e);
    }
    if (!WRITABLE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          reference
              + ": no password for BGP: write 1 to "
              + MOST_CHARACTERS
              + " characters of ASCII, without double quotes");
    }
    return text;
  }
}
