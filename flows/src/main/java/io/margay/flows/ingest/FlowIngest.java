package io.margay.flows.ingest;

import java.util.concurrent.CompletableFuture;

/** Takes in what nodes report. */
public interface FlowIngest {

  /**
   * Takes a batch, waiting while too many others wait: that is the back-pressure. Call it from a
   * thread that may wait, and order a sender's batches by calling from one thread for each sender.
   *
   * @return completed when the sender may forget the batch. It fails with an {@link
   *     IllegalStateException} when the process ends first: the sender keeps the batch
   */
  CompletableFuture<Receipt> accept(UpdateBatch batch) throws InterruptedException;

  /** What became of a batch. Updates that were dropped for their time or number are counted. */
  enum Receipt {
    /** It is on disk and survives the end of the process. */
    DURABLE,
    /** It is in memory only: there is no archive, or its disk is full or broken. */
    IN_MEMORY,
    /** It was there already. */
    REPEATED
  }
}
