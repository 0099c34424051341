package io.margay.flows.export;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/** A real broker, alone and on loopback, as a process of its own. */
final class KafkaBroker implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Path folder;
  private final int port;
  private Process process;

  KafkaBroker(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.port = freePort();
    Path settings = settings(freePort());
    run("kafka.tools.StorageTool", "format", "-t", Uuid.randomUuid().toString(), "-c", settings)
        .waitFor();
    process = run("kafka.Kafka", settings);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Path settings(int controllerPort) throws IOException {
    return Files.writeString(
        folder.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%d
        controller.listener.names=CONTROLLER
        listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
        advertised.listeners=PLAINTEXT://127.0.0.1:%d
        listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
        log.dirs=%s
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        num.partitions=3
        """
            .formatted(controllerPort, port, controllerPort, port, folder.resolve("data")));
  }

  private Process run(String main, Object... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("kafka.log").toFile()))
        .start();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Waits until it answers. */
  void awaitReady() throws Exception {
    Instant deadline = Instant.now().plus(START);
    Properties settings = new Properties();
    settings.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "60000");
    try (Admin admin = Admin.create(settings)) {
      while (admin.describeCluster().nodes().get().isEmpty()) {
        if (Instant.now().isAfter(deadline) || !process.isAlive()) {
          throw new IllegalStateException(Files.readString(folder.resolve("kafka.log")));
        }
      }
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void startAgain() throws IOException {
    process = run("kafka.Kafka", folder.resolve("server.properties"));
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
