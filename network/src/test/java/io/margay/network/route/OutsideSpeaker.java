package io.margay.network.route;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** A router that is none of ours, such as one at the top of a rack: BIRD or FRR as a process. */
final class OutsideSpeaker implements AutoCloseable {
  private final Process process;
  private final Function<String, List<String>> question;

  private OutsideSpeaker(Process process, Function<String, List<String>> question) {
    this.process = process;
    this.question = question;
  }

  static OutsideSpeaker bird(NetworkNamespace namespace, Path program, Path folder, String text)
      throws IOException {
    Files.createDirectories(folder);
    Path configuration = Files.writeString(folder.resolve("bird.conf"), text);
    Path socket = folder.resolve("ctl");
    Process process =
        start(
            namespace,
            folder,
            List.of(program.toString(), "-f", "-c", configuration.toString(), "-s", "" + socket));
    String client = program.resolveSibling("birdc").toString();
    return new OutsideSpeaker(
        process, command -> List.of(client, "-r", "-s", socket.toString(), command));
  }

  /** Where FRR's BGP daemon is installed. */
  static Optional<Path> findFrr() {
    return Stream.of("/usr/lib/frr/bgpd", "/usr/sbin/bgpd")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Of FRR only its BGP daemon: it programs no routes, and takes next hops as they are. */
  static OutsideSpeaker frr(NetworkNamespace namespace, Path program, Path folder, String text)
      throws IOException {
    Files.createDirectories(folder);
    Path configuration = Files.writeString(folder.resolve("bgpd.conf"), text);
    Process process =
        start(
            namespace,
            folder,
            List.of(
                program.toString(),
                "--config_file",
                configuration.toString(),
                "--pid_file",
                folder.resolve("bgpd.pid").toString(),
                "--vty_socket",
                folder.toString(),
                "--vty_port",
                "0",
                "--no_zebra",
                "--skip_runas",
                "--log",
                "stdout"));
    return new OutsideSpeaker(
        process, command -> List.of("vtysh", "--vty_socket", folder.toString(), "-c", command));
  }

  private static Process start(NetworkNamespace namespace, Path folder, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    return namespace.<Process, IOException>run(builder::start);
  }

  /** What it says to a command of its command line. */
  String ask(String command) {
    try {
      Process client =
          new ProcessBuilder(question.apply(command)).redirectErrorStream(true).start();
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }
}
