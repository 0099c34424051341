package io.margay.app.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A terminal whose keys come at once and are not shown. Uses {@code stty}, which every Unix has;
 * closing it, also by Ctrl-C, makes the terminal as it was.
 */
final class RawTerminal implements AutoCloseable {
  private static final Path TTY = Path.of("/dev/tty");
  private static final Pattern SIZE = Pattern.compile("(\\d+) (\\d+)\\s*");
  private static final String ENTER = "\u001b[?1049h\u001b[?25l";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final String HOME = "\u001b[H";
  private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final String before;
  private final InputStream keys;
  private final Thread restore = new Thread(this::restore, "terminal");

  /** How many characters fit. */
  record Size(int rows, int columns) {
    static final Size USUAL = new Size(24, 100);
  }

  private RawTerminal(String before, InputStream keys) {
    this.before = before;
    this.keys = keys;
    Runtime.getRuntime().addShutdownHook(restore);
  }

  /** The terminal of this process; empty where there is none, as in a pipe. */
  static Optional<RawTerminal> open() {
    Console console = System.console();
    if (console == null || !console.isTerminal() || !Files.isReadable(TTY)) {
      return Optional.empty();
    }
    try {
      String before = stty("-g").strip();
      stty("-icanon", "-echo", "min", "0", "time", "0");
      System.out.print(ENTER);
      return Optional.of(new RawTerminal(before, Files.newInputStream(TTY)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Terminals that nobody has told their size say 0 by 0. */
  Size size() {
    try {
      Matcher size = SIZE.matcher(stty("size"));
      if (size.matches()) {
        int rows = Integer.parseInt(size.group(1));
        int columns = Integer.parseInt(size.group(2));
        return rows > 0 && columns > 0 ? new Size(rows, columns) : Size.USUAL;
      }
    } catch (IOException e) {
      // as if it had not said
    }
    return Size.USUAL;
  }

  /** A key that was pressed; empty if none was. */
  Optional<Character> key() throws IOException {
    int key = keys.read();
    return key < 0 ? Optional.empty() : Optional.of((char) key);
  }

  /** Shows these lines and nothing else, without a flicker. */
  void show(List<String> lines) {
    StringBuilder screen = new StringBuilder(HOME);
    for (String line : lines) {
      screen.append(line).append(CLEAR_TO_END_OF_LINE).append("\r\n");
    }
    System.out.print(screen.append(CLEAR_BELOW));
    System.out.flush();
  }

  private static String stty(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/tty"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("stty failed");
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void restore() {
    System.out.print(LEAVE);
    System.out.flush();
    try {
      stty(before);
    } catch (IOException e) {
      System.err.println("the terminal may be in disorder: type reset");
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(restore);
      keys.close();
    } catch (IllegalStateException | IOException e) {
      // The process ends, and the hook restores.
      return;
    }
    restore();
  }
}
