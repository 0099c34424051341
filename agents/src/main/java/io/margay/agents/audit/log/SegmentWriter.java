package io.margay.agents.audit.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes batches to the end of a segment file. Of one thread. */
final class SegmentWriter implements AutoCloseable {
  private static final int ZEROS = 1 << 20;

  private final FileChannel channel;
  private final int prepareBytes;
  private long end;
  private long prepared;
  private boolean isFlushFailed;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);

  /**
   * Continues a file, or begins one.
   *
   * @param end where the next batch belongs; what is behind it is cut off
   */
  SegmentWriter(Path file, long end, int prepareBytes) throws IOException {
    this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    this.prepareBytes = prepareBytes;
    this.end = end;
    this.prepared = end;
    channel.truncate(end);
    channel.force(true);
    LogFiles.forceDirectoryOf(file);
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
    prepare(end + batch.remaining());
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

  /**
   * Fills the file with zeros ahead of its end. A flush of blocks that exist need not change the
   * file's size: measured on ext4, half the time.
   */
  private void prepare(long needed) throws IOException {
    if (needed <= prepared || prepareBytes == 0) {
      return;
    }
    long wanted = needed + prepareBytes;
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS, wanted - prepared));
    while (prepared < wanted) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), wanted - prepared));
      prepared += channel.write(zeros, prepared);
    }
    channel.force(true);
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
    prepared = end;
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
