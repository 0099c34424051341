package io.margay.console.agents;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.query.AuditPage;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.console.http.EventWriter;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Calls as they are decided, as server-sent events. The log is read again and again: what a stream
 * tells is on disk already, and one that broke off goes on where it was, also after a restart.
 */
final class CallStreams {
  private static final int MOST_STREAMS = 64;
  private static final int BACKFILL = 200;
  private static final long PERIOD_MILLIS = 250;
  private static final int SILENT_PERIODS = 20;

  /** Records that are read at once; whoever is further behind begins anew. */
  private static final int MOST_BEHIND = 10_000;

  /** Calls whose outcome is waited for. */
  private static final int REMEMBERED = 2_000;

  private final AuditSearch search;
  private final Semaphore open = new Semaphore(MOST_STREAMS);

  CallStreams(AuditSearch search) {
    this.search = search;
  }

  /**
   * Streams until the client goes.
   *
   * @param query which decisions
   */
  void follow(
      Exchange exchange, AuditQuery query, Supplier<RegistrySnapshot> registry, boolean policies)
      throws IOException {
    if (!open.tryAcquire()) {
      throw new HttpFailure(503, "too many streams are open, close one and try again");
    }
    try (EventWriter events = new EventWriter(exchange)) {
      if (!exchange.isHead()) {
        new CallStream(query, registry, policies, events).run(exchange.header("Last-Event-ID"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server stops");
    } finally {
      open.release();
    }
  }

  /** One client's stream. */
  private final class CallStream {
    private final AuditQuery query;
    private final Supplier<RegistrySnapshot> registry;
    private final boolean policies;
    private final EventWriter events;
    private final Map<Long, Sent> sent = new LinkedHashMap<>();
    private long last;

    /** A call that the client knows, with all that happened to it. */
    private record Sent(AuditRecord decision, List<AuditRecord> events) {}

    CallStream(
        AuditQuery query,
        Supplier<RegistrySnapshot> registry,
        boolean policies,
        EventWriter events) {
      this.query = query;
      this.registry = registry;
      this.policies = policies;
      this.events = events;
    }

    void run(Optional<String> lastEventId) throws IOException, InterruptedException {
      begin(lastEventId);
      events.event("sync", Long.toString(last), "{}");
      events.flush();
      int silent = 0;
      while (true) {
        Thread.sleep(PERIOD_MILLIS);
        readOn();
        if (events.hasPending()) {
          silent = 0;
        } else if (++silent >= SILENT_PERIODS) {
          // Without it neither side would notice that the other is gone.
          events.comment("alive");
          silent = 0;
        }
        if (events.hasPending()) {
          events.flush();
        }
      }
    }

    private void begin(Optional<String> lastEventId) throws IOException {
      List<AuditRecord> newest = search.find(AuditQuery.newest().limit(1)).records();
      long end = newest.isEmpty() ? -1 : newest.getFirst().sequence();
      if (lastEventId.isPresent()) {
        Optional<Long> known =
            number(lastEventId.get())
                .filter(id -> id >= -1 && id <= end && end - id <= MOST_BEHIND);
        if (known.isPresent()) {
          resume(known.get());
          return;
        }
        // Without an id: whoever breaks off before all of it was sent is told again.
        events.event(
            "gap", "{\"reason\": \"too much was decided meanwhile, or the log is another\"}");
      }
      for (AuditRecord decision : search.find(query.limit(BACKFILL)).records().reversed()) {
        if (decision.sequence() <= end) {
          Sent call = new Sent(decision, new ArrayList<>(search.about(decision.sequence())));
          remember(call);
          events.data(json(call));
        }
      }
      last = end;
    }

    /** The client has calls from before the break, and is told what became of them since. */
    private void resume(long known) throws IOException {
      AuditQuery before = query.before(OptionalLong.of(known + 1)).limit(BACKFILL);
      for (AuditRecord decision : search.find(before).records().reversed()) {
        List<AuditRecord> about = new ArrayList<>(search.about(decision.sequence()));
        about.removeIf(event -> event.sequence() > known);
        remember(new Sent(decision, about));
      }
      last = known;
      readOn();
    }

    private void readOn() throws IOException {
      AuditPage page = search.find(AuditQuery.newest().after(last).limit(MOST_BEHIND));
      for (AuditRecord record : page.records().reversed()) {
        take(record);
        last = record.sequence();
      }
    }

    private void take(AuditRecord record) {
      if (record.event().kind() == AuditKind.DECISION) {
        if (query.wants(record)) {
          send(new Sent(record, new ArrayList<>()));
        }
        return;
      }
      Sent known =
          record.event().about().isPresent() ? sent.get(record.event().about().getAsLong()) : null;
      if (known != null
          && known.events().stream().noneMatch(e -> e.sequence() == record.sequence())) {
        known.events().add(record);
        send(known);
      }
    }

    private void send(Sent call) {
      remember(call);
      events.data(json(call), Long.toString(last));
    }

    private void remember(Sent call) {
      sent.put(call.decision().sequence(), call);
      if (sent.size() > REMEMBERED) {
        sent.remove(sent.keySet().iterator().next());
      }
    }

    private byte[] json(Sent call) {
      CallJson writer = new CallJson(registry.get(), policies);
      String json = writer.call(call.decision(), call.events()).toString();
      return json.getBytes(StandardCharsets.UTF_8);
    }
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
