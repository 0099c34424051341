package io.margay.kernel.nft;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** nftables through the {@code nft} command: a process for each call. */
final class NftCommand implements Nftables {
  private final Path command;
  private final NetworkNamespace namespace;

  NftCommand(Path command, NetworkNamespace namespace) {
    this.command = command;
    this.namespace = namespace;
  }

  /** The command on the path, or where distributions put it outside a user's path. */
  static Optional<Path> find() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "nft"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public void apply(String commands) {
    run(commands, jsonIf(commands.stripLeading().startsWith("{")));
  }

  @Override
  public void check(String commands) {
    List<String> options = new ArrayList<>(jsonIf(commands.stripLeading().startsWith("{")));
    options.add("--check");
    run(commands, options);
  }

  @Override
  public String list(String listing, Format format) {
    List<String> options = new ArrayList<>(jsonIf(format != Format.TEXT));
    options.add("--numeric");
    if (format == Format.TERSE_JSON) {
      options.add("--terse");
    }
    // As an argument: with --json the command takes its standard input for JSON and nothing else.
    options.add(listing);
    return start("", options);
  }

  @Override
  public String engine() {
    return command.toString();
  }

  private static List<String> jsonIf(boolean json) {
    return json ? List.of("--json") : List.of();
  }

  private void run(String commands, List<String> options) {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("--file", "-"));
    start(commands, arguments);
  }

  private String start(String commands, List<String> arguments) {
    List<String> line = new ArrayList<>();
    line.add(command.toString());
    line.addAll(arguments);
    try {
      // A child is born into the namespace of the thread that starts it.
      Process process = namespace.run(() -> new ProcessBuilder(line).start());
      CompletableFuture<String> errors = reading(process.getErrorStream());
      CompletableFuture<String> printed = reading(process.getInputStream());
      try (OutputStream input = process.getOutputStream()) {
        input.write(commands.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // nft closes its input at the first fault; its own report says more than a broken pipe.
      }
      if (exitCode(process) != 0) {
        throw NftException.refused(errors.join());
      }
      return printed.join();
    } catch (IOException e) {
      throw new NftException("cannot run " + command + ": " + e.getMessage(), e);
    }
  }

  private static int exitCode(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new NftException("interrupted while nft ran: whether it changed anything is not known");
    }
  }

  /** Both streams are read while the process runs: a full pipe would stop it. */
  private static CompletableFuture<String> reading(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (stream) {
            text.complete(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            text.completeExceptionally(e);
          }
        });
    return text;
  }

  /** Nothing is open between calls. */
  @Override
  public void close() {}
}
