package io.margay.app.agents.redteam;

import io.margay.agents.approval.ApprovalRefusedException;
import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Verdict;
import io.margay.app.agents.lab.AgentCompany;
import io.margay.app.agents.redteam.Score.Stop;
import io.margay.model.manifest.KubeObject;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries all attacks on a set of policies. Each has a company of its own, with a real gateway and
 * real servers, so that none finds what another one left.
 */
public final class RedTeam {
  private static final Logger log = LoggerFactory.getLogger(RedTeam.class);
  private static final int MOST_RECORDS = 10_000;
  private static final long BETWEEN_ANSWERS_MILLIS = 20;

  private final List<KubeObject> policies;
  private final Path scratch;

  /**
   * @param policies with their tiers, groups and tool sets
   * @param scratch a folder for the time of the attacks
   */
  public RedTeam(List<KubeObject> policies, Path scratch) {
    this.policies = List.copyOf(policies);
    this.scratch = scratch;
  }

  /**
   * Tries attacks.
   *
   * @param names which ones; empty for all
   * @param told of each attack when it is over
   * @throws IOException when an attack cannot be tried, or policies are refused
   */
  public List<Score> run(Set<String> names, Consumer<Score> told)
      throws IOException, InterruptedException {
    List<Attack> attacks = attacks();
    List<String> known = attacks.stream().map(Attack::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IOException(
            "there is no attack " + name + "; known are " + String.join(", ", known));
      }
    }
    List<Score> scores = new ArrayList<>();
    for (Attack attack : attacks) {
      if (!names.isEmpty() && !names.contains(attack.name())) {
        continue;
      }
      Score score = attempt(attack);
      told.accept(score);
      scores.add(score);
    }
    return scores;
  }

  private List<Attack> attacks() throws IOException {
    List<Attack> attacks = new ArrayList<>(RogueModels.attacks());
    attacks.addAll(ForgedMessages.attacks());
    attacks.addAll(new StolenIdentities(scratch.resolve("forged")).attacks());
    return attacks;
  }

  private Score attempt(Attack attack) throws IOException, InterruptedException {
    Path state = Files.createDirectories(scratch.resolve(attack.name()));
    long begin;
    Optional<String> harm;
    try (MemoryStore store = new MemoryStore();
        AgentCompany company =
            new AgentCompany(
                new AgentCompany.Play(policies, attack.script()),
                store,
                state,
                InstantSource.system())) {
      company.awaitReady();
      begin = company.gateway().audit().size();
      harm = whileAnswered(attack, company);
    }
    // Read when all is closed, so that the last records are in it.
    return Score.of(attack, harm.orElse(""), stops(state, begin));
  }

  /** Tries an attack, while the approver answers what is held. */
  private static Optional<String> whileAnswered(Attack attack, AgentCompany company)
      throws IOException, InterruptedException {
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<String>> attempt = thread.submit(() -> attack.attempt().on(company));
      while (!attempt.isDone()) {
        answer(attack, company);
        Thread.sleep(BETWEEN_ANSWERS_MILLIS);
      }
      return attempt.get();
    } catch (ExecutionException e) {
      throw new IOException(attack.name() + " could not be tried: " + e.getCause(), e);
    }
  }

  private static void answer(Attack attack, AgentCompany company) {
    try {
      company.answerApprovals(attack.approver());
    } catch (ApprovalRefusedException e) {
      log.debug("{}: {}", attack.name(), e.getMessage());
    }
  }

  private static List<Stop> stops(Path state, long begin) throws IOException {
    AuditSearch search = new AuditSearch(new LogFiles(AgentCompany.auditLog(state)));
    List<AuditRecord> records =
        search.find(AuditQuery.newest().limit(MOST_RECORDS)).records().reversed();
    Set<Long> approved =
        records.stream()
            .filter(record -> record.event().status().equals("approved"))
            .flatMap(record -> record.event().about().stream().boxed())
            .collect(Collectors.toSet());
    return records.stream()
        .filter(record -> record.sequence() >= begin && !approved.contains(record.sequence()))
        .flatMap(record -> stop(record).stream())
        .toList();
  }

  private static Optional<Stop> stop(AuditRecord record) {
    AuditEvent event = record.event();
    if (event.kind() == AuditKind.TOKEN && event.status().equals("refused")) {
      String reason = event.details().getOrDefault("reason", "");
      return Optional.of(
          new Stop(record.sequence(), "TOKEN", event.status(), "", List.of(), reason));
    }
    if (event.kind() != AuditKind.DECISION) {
      return Optional.empty();
    }
    return event
        .decision()
        .map(decision -> decision.enforced())
        .filter(ruling -> ruling.verdict() != Verdict.PERMIT)
        .map(ruling -> stop(record.sequence(), ruling));
  }

  private static Stop stop(long record, Ruling ruling) {
    return new Stop(
        record,
        "DECISION",
        ruling.verdict().toString(),
        ruling.tier(),
        ruling.policies(),
        ruling.reason());
  }
}
