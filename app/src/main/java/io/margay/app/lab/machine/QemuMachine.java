package io.margay.app.lab.machine;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A real virtual machine: QEMU by software emulation, which every machine can run, and its own live
 * migration from one process to another.
 */
final class QemuMachine implements LabMachine {
  static final String PROGRAM = "qemu-system-x86_64";
  private static final Duration BOOT_PATIENCE = Duration.ofSeconds(120);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final int MEGABYTES = 96;

  /** QEMU stops the guest for its last copy when that takes no longer. */
  private static final int DOWNTIME_LIMIT_MILLIS = 50;

  private static final String GATEWAY = "169.254.1.1";

  private final GuestImage image;
  private final Path folder;
  private final Map<String, Instance> instances = new HashMap<>();

  /**
   * Runs QEMU until the standard input ends: with this process, however that ends. Otherwise a
   * killed lab would leave its guests running.
   */
  private static final String GUARD =
      "exec 3<&0; \"$@\" & qemu=$!; { read -r _ <&3; kill $qemu; } & wait $qemu";

  /** One QEMU process, which the guard runs, and its control socket. */
  private record Instance(Process guard, Qmp qmp) {
    void end() throws IOException, InterruptedException {
      qmp.close();
      end(guard);
    }

    static void end(Process guard) throws IOException, InterruptedException {
      guard.getOutputStream().close();
      if (!guard.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("QEMU does not end");
      }
    }
  }

  /**
   * @param folder for sockets and the guest's console
   */
  QemuMachine(GuestImage image, Path folder) {
    this.image = image;
    this.folder = folder;
  }

  @Override
  public String kind() {
    return "a QEMU guest of " + MEGABYTES + " MB, by software emulation";
  }

  @Override
  public void start(Launcher launcher) throws IOException, InterruptedException {
    launch(launcher, List.of());
    Path console = console(launcher);
    await(
        BOOT_PATIENCE,
        "the guest does not boot; its console is in " + console,
        () -> Files.exists(console) && Files.readString(console).contains("guest: ready"));
  }

  @Override
  public void prepare(Launcher target) throws IOException, InterruptedException {
    Path socket = incoming(target);
    Files.deleteIfExists(socket);
    launch(target, List.of("-incoming", "unix:" + socket));
  }

  private void launch(Launcher launcher, List<String> more)
      throws IOException, InterruptedException {
    Path control = folder.resolve(launcher.name() + ".qmp");
    Files.deleteIfExists(control);
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "guard"));
    command.addAll(arguments(launcher, control));
    command.addAll(more);
    // A process is in the namespace of the thread that starts it.
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(launcher.name() + ".log").toFile());
    Process process = launcher.namespace().<Process, IOException>run(builder::start);
    try {
      await(
          PATIENCE,
          PROGRAM + " does not start; see " + folder.resolve(launcher.name() + ".log"),
          () -> !process.isAlive() || Files.exists(control) && launcher.hasTap());
      instances.put(launcher.name(), new Instance(process, Qmp.connect(control)));
    } catch (IOException e) {
      Instance.end(process);
      throw e;
    }
    launcher.plug();
  }

  private List<String> arguments(Launcher launcher, Path control) {
    return List.of(
        PROGRAM,
        "-machine",
        "pc",
        "-accel",
        // With QEMU 7.2 and its own choice of threads, guests panicked after some migrations, as if
        // pages that change while they are copied were lost.
        "tcg,thread=single",
        "-cpu",
        "qemu64",
        "-m",
        String.valueOf(MEGABYTES),
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-kernel",
        image.kernel().toString(),
        "-initrd",
        image.initramfs().toString(),
        "-append",
        "console=ttyS0 quiet panic=-1 margay.address=%s margay.gateway=%s"
            .formatted(launcher.address(), GATEWAY),
        "-serial",
        "file:" + console(launcher),
        "-netdev",
        "tap,id=net0,script=no,downscript=no,ifname=" + Launcher.TAP,
        "-device",
        "virtio-net-pci,netdev=net0,romfile=,mac=" + launcher.mac(),
        "-qmp",
        "unix:" + control + ",server=on,wait=off");
  }

  private Path console(Launcher launcher) {
    return folder.resolve(launcher.name() + ".console");
  }

  private Path incoming(Launcher launcher) {
    return folder.resolve(launcher.name() + ".migration");
  }

  @Override
  public Duration migrate(Launcher source, Launcher target)
      throws IOException, InterruptedException {
    Instance from = Objects.requireNonNull(instances.get(source.name()), source.name());
    from.qmp()
        .call(
            "migrate-set-parameters",
            Qmp.arguments().put("downtime-limit", DOWNTIME_LIMIT_MILLIS).put("max-bandwidth", 0));
    from.qmp().call("migrate", Qmp.arguments().put("uri", "unix:" + incoming(target)));
    await(PATIENCE, "QEMU does not finish its migration", () -> isOver(from.qmp()));
    JsonNode result = from.qmp().call("query-migrate");
    instances.remove(source.name());
    from.end();
    return Duration.ofMillis(result.path("downtime").asLong());
  }

  private static boolean isOver(Qmp qmp) throws IOException {
    JsonNode now = qmp.call("query-migrate");
    return switch (now.path("status").asText()) {
      case "completed" -> true;
      case "failed", "cancelled" ->
          throw new IOException("QEMU's migration failed: " + now.path("error-desc").asText(""));
      default -> false;
    };
  }

  /** Something to wait for. */
  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Duration patience, String otherwise, Condition condition)
      throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(patience);
    while (!condition.holds()) {
      if (Instant.now().isAfter(deadline)) {
        throw new IOException(otherwise);
      }
      Thread.sleep(POLL);
    }
  }

  @Override
  public void close() {
    for (Instance instance : instances.values()) {
      try {
        instance.end();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    instances.clear();
  }
}
