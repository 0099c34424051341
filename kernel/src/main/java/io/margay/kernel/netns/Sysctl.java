package io.margay.kernel.netns;

import io.margay.kernel.KernelException;
import io.margay.kernel.libc.Fd;
import io.margay.kernel.libc.Libc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Kernel settings of the calling thread's network namespace, which {@code /proc/sys/net} shows. */
final class Sysctl {
  private static final Path ROOT = Path.of("/proc/sys");

  /** The longest setting is a list of ports; all others are a few characters. */
  private static final int MAX_BYTES = 4096;

  private Sysctl() {}

  static void write(String key, String value) {
    try (Fd file = Libc.open(file(key), Libc.O_WRONLY)) {
      Libc.write(file, value.getBytes(StandardCharsets.UTF_8));
    } catch (KernelException e) {
      throw new KernelException("sysctl", key + "=" + value, e.number());
    }
  }

  static String read(String key) {
    try (Fd file = Libc.open(file(key), Libc.O_RDONLY)) {
      return new String(Libc.read(file, MAX_BYTES), StandardCharsets.UTF_8).strip();
    } catch (KernelException e) {
      throw new KernelException("sysctl", key, e.number());
    }
  }

  private static String file(String key) {
    Path file = ROOT.resolve(key).normalize();
    if (!file.startsWith(ROOT.resolve("net"))) {
      throw new IllegalArgumentException("sysctl " + key + ": not a setting below net/");
    }
    return file.toString();
  }
}
