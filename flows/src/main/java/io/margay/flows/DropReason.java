package io.margay.flows;

/** Why something that was seen is not, or no longer, in the records. */
public enum DropReason {
  /** Events came faster than they could be taken in. */
  QUEUE_FULL("queue-full"),
  /** The event is older than the history. */
  TOO_OLD("too-old"),
  /** The event is from the future: clocks differ. */
  TOO_NEW("too-new"),
  /** The bucket has as many keys as are allowed. */
  BUCKET_FULL("bucket-full"),
  /** Flows that went with buckets before their time, because there were too many. */
  HISTORY_SHORTENED("history-shortened"),
  /** A connection is no longer followed, so its end and its service may not be told. */
  CONNECTION_FORGOTTEN("connection-forgotten"),
  /** A stream was cut off because its reader was too slow. */
  STREAM_CUT("stream-cut"),
  /** An update is too old for the history on disk. */
  ARCHIVE_LATE("archive-late"),
  /** Flows did not get into the history on disk: it has too many keys, or could not be written. */
  ARCHIVE_FULL("archive-full"),
  /** An update was acknowledged without being on disk, since that was full or broken. */
  NOT_DURABLE("not-durable"),
  /** An event or a change could not be understood. */
  FAILED("failed"),
  /** A message on the wire says what nobody can mean. */
  UNREADABLE("unreadable"),
  /** Nobody takes a node's updates for so long that its memory and its disk are full of them. */
  SPOOL_FULL("spool-full"),
  /** A node could not write updates to its disk, or not read them back. */
  SPOOL_FAILED("spool-failed");

  private final String label;

  DropReason(String label) {
    this.label = label;
  }

  /** As metrics and the status page name it. */
  public String label() {
    return label;
  }
}
