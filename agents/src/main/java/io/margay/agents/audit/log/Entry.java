package io.margay.agents.audit.log;

import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Receipt;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** An event that waits to be durable, and the thread that waits with it. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record Entry(byte[] event, CompletableFuture<Receipt> written) {

  static Entry of(byte[] event) {
    return new Entry(event, new CompletableFuture<>());
  }

  Receipt await() throws AuditUnavailableException {
    try {
      return written.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditUnavailableException(
          "interrupted while the audit record was written: it may be in the log or not", e);
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNull(e.getCause());
      throw new AuditUnavailableException(
          "the audit record could not be written: " + cause.getMessage(), cause);
    }
  }
}
