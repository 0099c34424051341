package io.margay.app.cli.audit;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.call.Verdict;
import io.margay.app.cli.DurationConverter;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which records somebody wants; all of these must agree. */
final class FilterOptions {
  @Option(
      names = "--agent",
      paramLabel = "SPIFFE-ID",
      description = "Who calls, or stands between the user and the caller.")
  private @Nullable String agent;

  @Option(
      names = "--user",
      paramLabel = "SUBJECT",
      description = "On whose behalf; with the issuer: ISSUER#SUBJECT.")
  private @Nullable String user;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "That determined the verdict, enforced or pending.")
  private @Nullable String policy;

  @Option(
      names = {"--target", "--tool"},
      paramLabel = "SERVER[/NAME]",
      description = "What is called: an agent, a tool server with a tool, a model.")
  private @Nullable String target;

  @Option(names = "--verdict", description = "One of ${COMPLETION-CANDIDATES}.")
  private @Nullable Verdict verdict;

  @Option(names = "--kind", description = "One of ${COMPLETION-CANDIDATES}.")
  private @Nullable AuditKind kind;

  @Option(names = "--trace", paramLabel = "TRACE-ID", description = "Of one trace.")
  private @Nullable String trace;

  @Option(
      names = "--about",
      paramLabel = "SEQUENCE",
      description = "What happened to this decision.")
  private @Nullable Long about;

  @Option(names = "--actor", paramLabel = "NAME", description = "Who approved, changed or halted.")
  private @Nullable String actor;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Not before: a time such as 2026-11-27T10:00:00Z, or how long ago, such as 2h.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Before this time, written in the same way.")
  private @Nullable Instant until;

  /** Reads a time, or a time ago. */
  static final class TimeConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      if (text.endsWith("Z")) {
        try {
          return Instant.parse(text);
        } catch (DateTimeException e) {
          throw new TypeConversionException(
              "\"" + text + "\" is not a time; write it as 2026-11-27T10:00:00Z");
        }
      }
      Duration ago = new DurationConverter().convert(text);
      return Instant.now().minus(ago);
    }
  }

  AuditQuery query() {
    AuditQuery query = AuditQuery.newest();
    query = agent == null ? query : query.with("agent", agent);
    query = user == null ? query : query.with("user", user);
    query = policy == null ? query : query.with("policy", policy);
    query = target == null ? query : query.with("target", target);
    query = verdict == null ? query : query.with("verdict", verdict.name());
    query = kind == null ? query : query.with("kind", kind.name());
    query = trace == null ? query : query.with("trace", trace);
    query = about == null ? query : query.with("about", about.toString());
    query = actor == null ? query : query.with("actor", actor);
    return query
        .between(Optional.ofNullable(since), Optional.ofNullable(until))
        .before(OptionalLong.empty());
  }

  boolean isEmpty() {
    return query().equals(AuditQuery.newest());
  }
}
