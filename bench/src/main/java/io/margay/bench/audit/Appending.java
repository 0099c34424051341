package io.margay.bench.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import io.margay.agents.call.Verdict;
import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Callers that write decisions as a gateway does: each waits for its record to be durable. */
final class Appending {
  private static final int RECORD_BYTES = 1_000;
  private static final int PREPARED = 16 << 20;

  private final Path work;
  private final int seconds;
  private final AuditKeys keys;
  private int logs;

  Appending(Path work, int seconds) throws IOException {
    this.work = work;
    this.seconds = seconds;
    this.keys = AuditKeys.loadOrCreate(work.resolve("keys"), "bench.example/audit");
  }

  private DurableAuditLog open(Path log) throws IOException {
    return DurableAuditLog.open(log, keys, LogSettings.defaults(), InstantSource.system());
  }

  void warmUp() throws IOException, InterruptedException {
    try (DurableAuditLog log = open(work.resolve("log" + logs++))) {
      run(log, 64, Integer.MAX_VALUE, 3);
    }
  }

  /** Median of what a flush of a record's size costs, in a file that is prepared; milliseconds. */
  double bareFlushes() throws IOException {
    Samples samples = new Samples();
    Path file = work.resolve("flushes");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(PREPARED));
      channel.force(true);
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      for (long at = 0; System.nanoTime() < end; at = (at + RECORD_BYTES) % PREPARED) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(RECORD_BYTES), at);
        channel.force(false);
        samples.add((System.nanoTime() - start) / 1e6);
      }
    }
    return samples.median();
  }

  JsonLine append(int callers, double flush) throws IOException, InterruptedException {
    try (DurableAuditLog log = open(work.resolve("log" + logs++))) {
      Samples samples = run(log, callers, Integer.MAX_VALUE, seconds);
      return JsonLine.of("audit", "durable records")
          .number("callers", callers)
          .number("recordsPerSecond", samples.count() / (double) seconds)
          .number("medianMillis", samples.median())
          .number("p99Millis", samples.quantile(0.99))
          .number("medianToBareFlush", samples.median() / flush);
    }
  }

  /** A log with many records. */
  Path fill(int records, int callers) throws IOException, InterruptedException {
    Path directory = work.resolve("log" + logs++);
    try (DurableAuditLog log = open(directory)) {
      run(log, callers, records, Integer.MAX_VALUE);
    }
    return directory;
  }

  /** Milliseconds that each record took, until so many are written or so much time is over. */
  private static Samples run(AuditLog log, int callers, int records, int seconds)
      throws InterruptedException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    AtomicInteger next = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    List<List<Long>> times = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      List<Long> own = new ArrayList<>();
      times.add(own);
      threads.add(
          Thread.startVirtualThread(() -> {
            for (int number = next.getAndIncrement();
                number < records && System.nanoTime() < end;
                number = next.getAndIncrement()) {
              long start = System.nanoTime();
              append(log, number);
              own.add(System.nanoTime() - start);
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Samples samples = new Samples();
    times.forEach(own -> own.forEach(nanos -> samples.add(nanos / 1e6)));
    return samples;
  }

  private static void append(AuditLog log, int number) {
    try {
      log.append(draft(number));
    } catch (AuditUnavailableException e) {
      throw new IllegalStateException(e);
    }
  }

  static String trace(int number) {
    return String.format(Locale.ROOT, "%032x", number / 3);
  }

  private static Draft draft(int number) {
    String agent = "spiffe://example.org/agent/agent" + number % 100;
    Ruling ruling =
        new Ruling(
            number % 20 == 0 ? Verdict.DENY : Verdict.PERMIT,
            "company",
            List.of("policy" + number % 50),
            "policy" + number % 50 + " permits agents of the care team to read customers",
            Optional.empty());
    AgentCall call =
        new AgentCall(
            Protocol.MCP,
            "invokeTool",
            new Caller(
                agent,
                Optional.of(new User("https://login.example.org", "user" + number % 31, List.of())),
                List.of("spiffe://example.org/agent/front", agent),
                "jti-" + number,
                List.of("read:customers")),
            new Target(Target.Kind.TOOL, "server" + number % 7, "tool" + number % 11),
            JsonNodeFactory.instance.objectNode().put("customer", number),
            new TraceContext(
                trace(number), String.format(Locale.ROOT, "%016x", number), "hop" + number),
            Instant.EPOCH);
    return Draft.decision(
            call,
            new AgentDecision(
                ruling,
                ruling,
                "sha256:4f1c",
                List.of(),
                List.of("principal.risk_level=low", "principal.team=care", "resource.data=pii")))
        .withOwner("carol@example.org");
  }
}
