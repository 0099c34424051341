package io.margay.agents.audit.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes batches to the end of a segment file. Of one thread. */
final class SegmentWriter implements AutoCloseable {
  private final FileChannel channel;
  private long end;
  private boolean isFlushFailed;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);

  private SegmentWriter(FileChannel channel, long end) {
    this.channel = channel;
    this.end = end;
  }

  /**
   * Continues a file, or begins one.
   *
   * @param end where the next batch belongs; what is behind it is cut off
   * @param prepareBytes up to which the file is filled with zeros
   */
  static SegmentWriter open(Path file, long end, int prepareBytes) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.truncate(end);
      SegmentPreparer.fill(channel, end, prepareBytes);
      LogFiles.forceDirectoryOf(file);
      return new SegmentWriter(channel, end);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Begins a file that is filled with zeros already. */
  static SegmentWriter openPrepared(Path file) throws IOException {
    LogFiles.forceDirectoryOf(file);
    return new SegmentWriter(FileChannel.open(file, StandardOpenOption.WRITE), 0);
  }

  /**
   * Writes a batch and makes it durable.
   *
   * @param first sequence of the first record
   * @throws IOException if it is not durable. What it left behind is cut off by {@link #cutOff}
   */
  void write(long first, List<byte[]> records) throws IOException {
    int body = records.stream().mapToInt(record -> Integer.BYTES + record.length).sum();
    ByteBuffer batch = buffer(BatchHeader.SIZE + body);
    batch.position(BatchHeader.SIZE);
    for (byte[] record : records) {
      batch.putInt(record.length).put(record);
    }
    int crc = BatchHeader.crc(batch.slice(BatchHeader.SIZE, body));
    batch.position(0);
    new BatchHeader(body, first, records.size(), crc).write(batch);
    batch.position(0).limit(BatchHeader.SIZE + body);
    int length = batch.remaining();
    for (long at = end; batch.hasRemaining(); ) {
      at += channel.write(batch, at);
    }
    try {
      channel.force(false);
    } catch (IOException e) {
      isFlushFailed = true;
      throw e;
    }
    end += length;
  }

  private ByteBuffer buffer(int size) {
    if (buffer.capacity() < size) {
      buffer = ByteBuffer.allocateDirect(Integer.highestOneBit(size) * 2);
    }
    return buffer.clear();
  }

  /** Where the last durable batch ends. */
  long end() {
    return end;
  }

  /**
   * Removes what a failed write left behind the last durable batch.
   *
   * @throws IOException if it cannot, or if a flush has failed: Linux may take the next flush for
   *     done without having written what the failed one left
   */
  void cutOff() throws IOException {
    channel.truncate(end);
    if (isFlushFailed) {
      throw new IOException("a flush to the disk has failed");
    }
    channel.force(true);
  }

  /** Gives the prepared rest of the file back. */
  @Override
  public void close() throws IOException {
    try (channel) {
      cutOff();
    }
  }
}
