package io.margay.app.lab.machine;

import io.margay.app.doctor.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * What the lab's virtual machine boots: a Debian kernel, and a root file system of busybox and two
 * scripts, which is made here.
 *
 * @param kernel the kernel's image
 * @param initramfs the root file system, a compressed cpio archive
 */
record GuestImage(Path kernel, Path initramfs) {
  private static final Path BUSYBOX = Path.of("/bin/busybox");

  /** In the order in which they must be loaded; a kernel that has one built in lacks its file. */
  private static final List<String> MODULES =
      List.of(
          "virtio_ring",
          "virtio",
          "virtio_pci_legacy_dev",
          "virtio_pci_modern_dev",
          "virtio_pci",
          "failover",
          "net_failover",
          "virtio_net");

  /** An unpacked kernel package: what is below {@code boot} and {@code lib/modules} of a root. */
  record Kernel(Path image, Path modules) {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** The newest kernel below one of some roots, the first that has one. */
    static Optional<Kernel> find(List<Path> roots) throws IOException {
      for (Path root : roots) {
        Path boot = root.resolve("boot");
        if (!Files.isDirectory(boot)) {
          continue;
        }
        try (Stream<Path> files = Files.list(boot)) {
          Optional<Kernel> found =
              files
                  .filter(file -> file.getFileName().toString().startsWith("vmlinuz-"))
                  .map(image -> new Kernel(image, modulesOf(root, image)))
                  .filter(kernel -> Files.isDirectory(kernel.modules()))
                  .max((a, b) -> Arrays.compare(version(a), version(b)));
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    }

    /** The numbers of a release: {@code 6.1.0-55} is later than {@code 6.1.0-9}. */
    private static long[] version(Kernel kernel) {
      return NUMBER
          .matcher(kernel.image().getFileName().toString())
          .results()
          .mapToLong(number -> Long.parseLong(number.group()))
          .toArray();
    }

    private static Path modulesOf(Path root, Path image) {
      String release = image.getFileName().toString().substring("vmlinuz-".length());
      return root.resolve("lib/modules").resolve(release);
    }
  }

  /** What is missing for a guest, in words for a user; empty if nothing is. */
  static List<String> lacking(List<Path> kernelRoots) throws IOException {
    List<String> lacking = new ArrayList<>();
    if (Programs.find(QemuMachine.PROGRAM).isEmpty()) {
      lacking.add("qemu-system-x86 (runs the guest)");
    }
    if (!Files.isExecutable(BUSYBOX)) {
      lacking.add("busybox-static (the guest's programs)");
    }
    if (Kernel.find(kernelRoots).isEmpty()) {
      lacking.add("a Debian kernel, unpacked from linux-image-cloud-amd64 (the guest's kernel)");
    }
    return lacking;
  }

  /**
   * Makes the root file system.
   *
   * @param folder where to put it
   */
  static GuestImage build(Kernel kernel, Path folder) throws IOException {
    Path initramfs = folder.resolve("initramfs.gz");
    try (CpioArchive archive =
        new CpioArchive(new GZIPOutputStream(Files.newOutputStream(initramfs)))) {
      for (String directory : List.of("bin", "dev", "modules", "proc")) {
        archive.directory(directory);
      }
      archive.file("bin/busybox", Files.readAllBytes(BUSYBOX));
      archive.file("init", script("guest-init.sh"));
      archive.file("session", script("guest-session.sh"));
      for (Path module : modules(kernel)) {
        archive.file(
            "modules/%d-%s".formatted(place(module), module.getFileName()),
            Files.readAllBytes(module));
      }
    }
    return new GuestImage(kernel.image(), initramfs);
  }

  private static List<Path> modules(Kernel kernel) throws IOException {
    try (Stream<Path> files = Files.walk(kernel.modules())) {
      return files.filter(Files::isRegularFile).filter(file -> place(file) >= 0).toList();
    }
  }

  /** The place of a module among those to load, or -1. Debian 13 compresses them. */
  private static int place(Path file) {
    String name = file.getFileName().toString();
    return MODULES.indexOf(name.replaceFirst("\\.ko(\\.xz)?$", ""));
  }

  private static byte[] script(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(GuestImage.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }
}
