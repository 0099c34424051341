package io.margay.app.agents.lab;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.query.AuditPage;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.audit.query.TraceTree;
import io.margay.agents.audit.verify.ExportFile;
import io.margay.agents.audit.verify.Report;
import io.margay.agents.audit.verify.Verifier;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the audit log alone says about a demo, after it: nobody's memory is asked. */
final class AuditFacts {
  private static final int PAGE = 10_000;
  private static final int SPAN_DIGITS = 16;

  private final LogFiles files;
  private final List<AuditRecord> records = new ArrayList<>();

  AuditFacts(Path log) throws IOException {
    files = new LogFiles(log);
    AuditSearch search = new AuditSearch(files);
    AuditQuery query = AuditQuery.newest().limit(PAGE);
    OptionalLong cursor;
    do {
      AuditPage page = search.find(query);
      records.addAll(page.records());
      cursor = page.before();
      query = query.before(cursor);
    } while (cursor.isPresent());
  }

  long size() {
    return records.size();
  }

  long count(AuditKind kind) {
    return records.stream().filter(record -> record.event().kind() == kind).count();
  }

  long decisions(Verdict verdict) {
    return records.stream().filter(record -> verdict(record) == verdict).count();
  }

  long withStatus(AuditKind kind, String status) {
    return records.stream()
        .filter(record -> record.event().kind() == kind && record.event().status().equals(status))
        .count();
  }

  /** Decisions that staged policies would turn. */
  long pendingDiffers() {
    return records.stream()
        .flatMap(record -> record.event().decision().stream())
        .filter(decision -> decision.enforced().verdict() != decision.pending().verdict())
        .count();
  }

  /** What a decision said; null of other records. */
  private static @Nullable Verdict verdict(AuditRecord record) {
    return record.event().kind() == AuditKind.DECISION
        ? record.event().decision().map(d -> d.enforced().verdict()).orElse(Verdict.DENY)
        : null;
  }

  /** Requests that reached a server without a record of a decision that let them through. */
  long withoutRecord(List<String> hops) {
    Set<String> known = new HashSet<>();
    for (AuditRecord record : records) {
      if (verdict(record) == Verdict.PERMIT || verdict(record) == Verdict.HOLD) {
        record
            .event()
            .trace()
            .ifPresent(trace -> known.add(trace.hopId().substring(0, SPAN_DIGITS)));
      }
    }
    return hops.stream().filter(hop -> !known.contains(hop)).count();
  }

  /**
   * A call of a chain.
   *
   * @param agents the chain, from the user's agent to the caller
   * @param reads attributes that the policies looked at
   */
  record Hop(
      String user,
      List<String> agents,
      String action,
      String target,
      String verdict,
      List<String> policies,
      List<String> reads) {

    private static Hop of(AuditRecord record) {
      Caller caller = record.event().caller().orElseThrow();
      Ruling ruling = record.event().decision().orElseThrow().enforced();
      return new Hop(
          caller.user().map(user -> user.subject()).orElse(""),
          caller.chain(),
          record.event().attempt().orElseThrow().action(),
          record.event().attempt().orElseThrow().target().toString(),
          ruling.verdict().toString(),
          ruling.policies(),
          record.event().decision().orElseThrow().reads());
    }
  }

  /**
   * The longest chain of agents that some trace has, one call after the other; at least the user's.
   */
  List<Hop> longestChain() throws IOException {
    Optional<AuditRecord> deepest =
        records.stream()
            .filter(record -> verdict(record) == Verdict.PERMIT)
            .max((a, b) -> Integer.compare(depth(a), depth(b)));
    if (deepest.isEmpty()) {
      return List.of();
    }
    String trace = deepest.get().event().trace().orElseThrow().traceId();
    TraceTree tree = TraceTree.of(new AuditSearch(files).trace(trace));
    List<Hop> chain = new ArrayList<>();
    collect(tree.roots(), chain);
    return chain;
  }

  private static int depth(AuditRecord record) {
    return record.event().caller().map(Caller::depth).orElse(0);
  }

  private static void collect(List<TraceTree.Hop> hops, List<Hop> chain) {
    for (TraceTree.Hop hop : hops) {
      chain.add(Hop.of(hop.decision()));
      collect(hop.calls(), chain);
    }
  }

  Report verify() throws IOException {
    return Verifier.verify(files.root(), Optional.empty(), List.of());
  }

  /** Whether a flipped byte and a removed record are found, each in an export of its own. */
  boolean findsTampering(Path scratch) throws IOException {
    Path whole = scratch.resolve("audit-export");
    ExportFile.write(files, whole, Optional.empty());
    List<String> lines = Files.readAllLines(whole);
    int victim = lines.size() / 2;
    List<String> flipped = new ArrayList<>(lines);
    flipped.set(victim, flip(lines.get(victim)));
    List<String> shortened = new ArrayList<>(lines);
    shortened.remove(victim);
    return isVerified(scratch, lines)
        && !isVerified(scratch, flipped)
        && !isVerified(scratch, shortened);
  }

  /** Another digit or letter in the place of one. */
  private static String flip(String line) {
    int place = line.length() / 2;
    while (!Character.isLetterOrDigit(line.charAt(place))) {
      place++;
    }
    char other = line.charAt(place) == '1' ? '2' : '1';
    return line.substring(0, place) + other + line.substring(place + 1);
  }

  private static boolean isVerified(Path scratch, List<String> lines) throws IOException {
    Path file = scratch.resolve("audit-export-changed");
    Files.write(file, lines);
    try {
      return Verifier.verify(file, Optional.empty(), List.of()).isVerified();
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
