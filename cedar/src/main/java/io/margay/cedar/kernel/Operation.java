package io.margay.cedar.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a kernel can ask about. A schema marks an action with {@code @kernel("readFile")}, or with
 * {@code @kernel} alone where the action has the operation's name.
 */
public enum Operation {
  READ_FILE("readFile", true),
  WRITE_FILE("writeFile", true),
  EXEC_FILE("execFile", true),
  CONNECT_NETWORK("connectNetwork", false),
  BIND_NETWORK("bindNetwork", false);

  private final String text;
  private final boolean file;

  Operation(String text, boolean file) {
    this.text = text;
    this.file = file;
  }

  static Optional<Operation> named(String name) {
    return Arrays.stream(values()).filter(operation -> operation.text.equals(name)).findFirst();
  }

  static String names() {
    return String.join(", ", Arrays.stream(values()).map(Operation::text).toList());
  }

  /** As written in schemas: {@code readFile}. */
  public String text() {
    return text;
  }

  /** True where it is about a path, false where it is about an address and a port. */
  public boolean isFile() {
    return file;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
