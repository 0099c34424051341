package io.margay.agents.audit.log;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The head of a batch: the records that one flush makes durable together.
 *
 * <pre>
 * magic 4 | length of the body 4 | first sequence 8 | records 4 | CRC-32C of the body 4 |
 * CRC-32C of these 24 bytes 4
 * </pre>
 *
 * Numbers are big-endian. The body is, for each record, its length in 4 bytes and its bytes. A
 * batch is written only when the one before it is durable, so an incomplete one can only be the
 * last.
 */
record BatchHeader(int bodyLength, long first, int records, int bodyCrc) {
  static final int SIZE = 28;
  static final int MAX_BODY = 16 << 20;

  /** "MGAB". */
  static final int MAGIC = 0x4d474142;

  void write(ByteBuffer target) {
    ByteBuffer head = ByteBuffer.allocate(SIZE);
    head.putInt(MAGIC).putInt(bodyLength).putLong(first).putInt(records).putInt(bodyCrc);
    head.putInt(crc(head.slice(0, SIZE - Integer.BYTES)));
    target.put(head.flip());
  }

  /** The head at a place; empty if there is none, or a damaged one. */
  static Optional<BatchHeader> read(ByteBuffer source, int at) {
    if (at < 0 || source.limit() - at < SIZE || source.getInt(at) != MAGIC) {
      return Optional.empty();
    }
    if (crc(source.slice(at, SIZE - Integer.BYTES)) != source.getInt(at + SIZE - Integer.BYTES)) {
      return Optional.empty();
    }
    BatchHeader header =
        new BatchHeader(
            source.getInt(at + 4),
            source.getLong(at + 8),
            source.getInt(at + 16),
            source.getInt(at + 20));
    return header.bodyLength > 0 && header.bodyLength <= MAX_BODY && header.records > 0
        ? Optional.of(header)
        : Optional.empty();
  }

  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
