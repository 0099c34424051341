package io.margay.agents.assess;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.verify.Report;
import io.margay.agents.call.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an audit log shows for articles 12 to 14 of the EU AI Act (Regulation 2024/1689): records,
 * information for deployers, human oversight. Built from the log alone, which is why it says what
 * it does not cover. Not a statement of conformity.
 *
 * @param period that was reported on; empty where the log has no records
 */
public record EuAiActReport(
    Instant made, Optional<Period> period, List<Article> articles, List<String> notCovered) {

  private static final Duration SIX_MONTHS = Duration.ofDays(183);

  public EuAiActReport {
    articles = List.copyOf(articles);
    notCovered = List.copyOf(notCovered);
  }

  /** From the first record to the last. */
  public record Period(Instant first, Instant last) {}

  /**
   * What is shown for an article.
   *
   * @param asks what the article is about, in our words
   */
  public record Article(int number, String title, String asks, List<Figure> figures) {
    public Article {
      figures = List.copyOf(figures);
    }
  }

  /**
   * A figure.
   *
   * @param source kinds and members of records that it is counted from
   */
  public record Figure(String name, String value, String source) {}

  /**
   * Reports on what was read of a log.
   *
   * @param verified what the verification of the log found
   */
  public static EuAiActReport of(AuditFigures figures, Report verified, Instant now) {
    Optional<Period> period =
        figures.first().flatMap(first -> figures.last().map(last -> new Period(first, last)));
    return new EuAiActReport(
        now,
        period,
        List.of(records(figures, verified, period), information(figures), oversight(figures)),
        List.of(
            "whether the system is a high-risk one, and what else its provider and deployer owe",
            "calls that did not go through the gateway",
            "what models and tools did inside, and whether their answers were right",
            "arguments, prompts and answers: the log has keyed hashes of arguments only",
            "risk management, data governance, accuracy and robustness (articles 9, 10 and 15)",
            "instructions for use as a document (article 13(2) and (3)): the figures below can be"
                + " part of it",
            "the training and authority of the people who oversee (articles 14(4) and 26(2))",
            "that the key which signed the log was kept from those who could rewrite it"));
  }

  private static Article records(AuditFigures figures, Report verified, Optional<Period> period) {
    Duration covered =
        period.map(found -> Duration.between(found.first(), found.last())).orElse(Duration.ZERO);
    return new Article(
        12,
        "Record-keeping",
        "Events are recorded automatically over the system's lifetime, so that situations of risk"
            + " can be found and the operation be monitored.",
        List.of(
            figure("records", figures.records(), "all records"),
            figure("decisions", figures.decisions(), "DECISION"),
            figure("outcomes", figures.count(AuditKind.OUTCOME), "OUTCOME"),
            figure(
                "permitted calls of more than ten minutes ago without an outcome",
                figures.withoutOutcome(),
                "DECISION without an OUTCOME about it"),
            figure("starts of the log", figures.count(AuditKind.START), "START"),
            figure("removals of old records", figures.count(AuditKind.PRUNE), "PRUNE"),
            new Figure(
                "days from the first record to the last",
                Long.toString(covered.toDays()),
                "time of the first and last record"),
            new Figure(
                "six months are covered (articles 19(1) and 26(6))",
                covered.compareTo(SIX_MONTHS) >= 0 ? "yes" : "not yet",
                "time of the first and last record"),
            new Figure(
                "integrity",
                verified.summary(),
                "verification of the hash chain, the tree and the signed checkpoints")));
  }

  private static Article information(AuditFigures figures) {
    return new Article(
        13,
        "Transparency and provision of information to deployers",
        "Those who deploy the system can interpret what it does, and know how to read its logs"
            + " (for the format: docs/audit.md).",
        List.of(
            figure("agents that acted", figures.agents().size(), "caller.chain of DECISION"),
            new Figure("their owners", names(figures.owners()), "owner of DECISION"),
            new Figure(
                "decisions that name the owner",
                of(figures.withOwner(), figures.decisions()),
                "owner of DECISION"),
            new Figure(
                "decisions that name the user",
                of(figures.withUser(), figures.decisions()),
                "caller.user of DECISION"),
            new Figure(
                "calls let through or held whose record names the policy",
                of(figures.withPolicy(), figures.letThrough()),
                "decision.enforced of DECISION"),
            figure(
                "calls over several agents", figures.overSeveralHops(), "caller.depth of DECISION"),
            figure("the longest chain of agents", figures.deepest(), "caller.depth of DECISION"),
            figure(
                "decisions in which a policy could not be evaluated",
                figures.inError(),
                "decision.errors of DECISION")));
  }

  private static Article oversight(AuditFigures figures) {
    return new Article(
        14,
        "Human oversight",
        "People can understand the system, disregard or override what it wants, and stop it.",
        List.of(
            figure("calls that were denied", figures.decisions(Verdict.DENY), "DECISION"),
            figure("calls that were held for people", figures.decisions(Verdict.HOLD), "DECISION"),
            figure(
                "held calls that people decided", figures.answeredByAPerson(), "actor of APPROVAL"),
            figure("of these refused", figures.refused(), "status of APPROVAL"),
            figure("held calls that nobody decided in time", figures.expired(), "APPROVAL"),
            figure("halts that took effect", figures.halts(), "status of HALT"),
            figure("changes of policies", figures.count(AuditKind.POLICY_CHANGE), "POLICY_CHANGE"),
            new Figure(
                "people who decided, changed or halted",
                names(figures.people()),
                "actor of APPROVAL, POLICY_CHANGE and HALT")));
  }

  private static Figure figure(String name, long value, String source) {
    return new Figure(name, Long.toString(value), source);
  }

  private static String of(long part, long whole) {
    return part + " of " + whole;
  }

  private static String names(Iterable<String> names) {
    String all = String.join(", ", names);
    return all.isEmpty() ? "none" : all;
  }
}
