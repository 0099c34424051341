package io.margay.app.lab.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The archive from which a Linux kernel fills its first root file system: {@code newc} of cpio(5),
 * where every entry has a header of fixed-width hexadecimal numbers.
 */
final class CpioArchive implements AutoCloseable {
  private static final int HEADER_BYTES = 110;
  private static final int DIRECTORY = 0x41ed; // 040755
  private static final int PROGRAM = 0x81ed; // 0100755

  private final OutputStream out;
  private int entries;

  /**
   * @param out is closed at the end
   */
  CpioArchive(OutputStream out) {
    this.out = out;
  }

  void directory(String name) throws IOException {
    write(name, DIRECTORY, new byte[0]);
  }

  /** A file that may be run. */
  void file(String name, byte[] content) throws IOException {
    write(name, PROGRAM, content);
  }

  private void write(String name, int mode, byte[] content) throws IOException {
    byte[] path = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    StringBuilder header = new StringBuilder("070701");
    // inode, mode, owner, group, links, time, size, device and special device, name's length, sum
    int[] fields = {++entries, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length, 0};
    for (int field : fields) {
      header.append("%08x".formatted(field));
    }
    out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.write(path);
    pad(HEADER_BYTES + path.length);
    out.write(content);
    pad(content.length);
  }

  /** Names and contents end at a multiple of four bytes. */
  private void pad(int length) throws IOException {
    out.write(new byte[-length & 3]);
  }

  @Override
  public void close() throws IOException {
    write("TRAILER!!!", 0, new byte[0]);
    out.close();
  }
}
