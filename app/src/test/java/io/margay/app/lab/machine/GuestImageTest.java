package io.margay.app.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestImageTest {
  @TempDir Path folder;

  @Test
  void theArchiveIsWhatTheKernelReads() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CpioArchive archive = new CpioArchive(bytes)) {
      archive.directory("bin");
      archive.file("init", "hi".getBytes(StandardCharsets.US_ASCII));
    }
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    String directory = entry(1, "000041ed", 0, 4) + "bin\0\0\0";
    String file = entry(2, "000081ed", 2, 5) + "init\0\0hi\0\0";
    assertThat(text).startsWith(directory + file + entry(3, "00000000", 0, 11) + "TRAILER!!!\0");
    // Each part begins at a multiple of four, or the kernel reads on in the wrong place.
    assertThat(bytes.size() % 4).isZero();
  }

  private static String entry(int number, String mode, int length, int nameLength) {
    String zero = "00000000";
    return "070701%08x%s%s%s%s%s%08x%s%s%s%s%08x%s"
        .formatted(
            number,
            mode,
            zero,
            zero,
            "00000001",
            zero,
            length,
            zero,
            zero,
            zero,
            zero,
            nameLength,
            zero);
  }

  @Test
  void theNewestKernelOfTheFirstRootThatHasOneIsTaken() throws IOException {
    Path none = Files.createDirectories(folder.resolve("none/boot")).getParent();
    Path two = folder.resolve("two");
    for (String release : List.of("6.1.0-9", "6.1.0-55")) {
      Files.createDirectories(two.resolve("boot"));
      Files.createFile(two.resolve("boot/vmlinuz-" + release));
      Files.createDirectories(two.resolve("lib/modules").resolve(release));
    }
    // An image without its modules cannot bring up the guest's network.
    Files.createFile(two.resolve("boot/vmlinuz-6.2.0-1"));
    assertThat(GuestImage.Kernel.find(List.of(none, two)))
        .map(GuestImage.Kernel::image)
        .contains(two.resolve("boot/vmlinuz-6.1.0-55"));
    assertThat(GuestImage.lacking(List.of(none)))
        .anySatisfy(text -> assertThat(text).contains("linux-image-cloud-amd64"));
  }
}
