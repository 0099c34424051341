package io.margay.agents.audit.log;

import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.Ruling;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a record can be found by: words of the form {@code name=value}. */
public final class Terms {
  private Terms() {}

  /** The words of a record. */
  public static Set<String> of(AuditRecord record) {
    AuditEvent event = record.event();
    Set<String> terms = new LinkedHashSet<>();
    terms.add("kind=" + event.kind());
    event.trace().ifPresent(trace -> terms.add("trace=" + trace.traceId()));
    event
        .caller()
        .ifPresent(caller -> {
          terms.add("agent=" + caller.workload());
          caller.chain().forEach(agent -> terms.add("agent=" + agent));
          caller
              .user()
              .ifPresent(user -> {
                terms.add("user=" + user.subject());
                terms.add("user=" + user.issuer() + "#" + user.subject());
              });
        });
    event
        .attempt()
        .ifPresent(attempt -> {
          terms.add("target=" + attempt.target().server());
          terms.add("target=" + attempt.target().server() + "/" + attempt.target().name());
        });
    event
        .decision()
        .ifPresent(decision -> {
          terms.add("verdict=" + decision.enforced().verdict());
          add(terms, decision.enforced());
          add(terms, decision.pending());
        });
    event.about().ifPresent(about -> terms.add("about=" + about));
    if (!event.actor().isEmpty()) {
      terms.add("actor=" + event.actor());
    }
    return terms;
  }

  private static void add(Set<String> terms, Ruling ruling) {
    ruling.policies().forEach(policy -> terms.add("policy=" + policy));
  }

  /**
   * FNV-1a in 64 bits. Different words may meet, by chance or on purpose: whoever finds a record by
   * this looks at the record, too.
   */
  static long hash(String term) {
    return hash(0xcbf29ce484222325L, term);
  }

  /** The hash of a word of which the hash of its beginning is known. */
  static long hash(long beginning, String rest) {
    long hash = beginning;
    for (int i = 0; i < rest.length(); i++) {
      hash = (hash ^ rest.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
