package io.margay.agents.audit.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.Samples;
import io.margay.agents.audit.query.TraceTree.Hop;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The calls of a trace, put together from what the gateway knows. */
class TraceTreeTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Target BILLING_AGENT = new Target(Target.Kind.AGENT, "billing", "");
  private static final Target CRM = new Target(Target.Kind.TOOL, "crm", "lookup");
  private static final Target LEDGER = new Target(Target.Kind.TOOL, "ledger", "book");

  private final List<AuditRecord> records = new ArrayList<>();

  private long add(AuditEvent event) {
    records.add(new AuditRecord(records.size(), Samples.NOW, AuditRecord.NO_PREVIOUS, event));
    return records.size() - 1L;
  }

  private static AgentCall call(List<String> chain, Target target, String span, String hop) {
    return Samples.call(chain, target, new TraceContext(TRACE, span, hop));
  }

  private long decide(AgentCall call) {
    return add(Draft.decision(call, Samples.decided(Verdict.PERMIT, "p")).event());
  }

  @Test
  void hopsAreLinkedByChainAndSpan() {
    List<String> support = List.of(Samples.SUPPORT);
    List<String> both = List.of(Samples.SUPPORT, Samples.BILLING);
    AgentCall toCrm = call(support, CRM, "s0", "h0");
    long crm = decide(toCrm);
    long first = decide(call(support, BILLING_AGENT, "s0", "h1"));
    long second = decide(call(support, BILLING_AGENT, "s0", "h2"));
    // One call names the first hop as its span, the other names nothing that is known.
    long booked = decide(call(both, LEDGER, "h1", "h3"));
    long bookedAgain = decide(call(both, LEDGER, "elsewhere", "h4"));
    // Nobody gets below a call by naming its hop: the chain does not agree.
    long liar = decide(call(List.of("spiffe://example.org/agent/other"), LEDGER, "h1", "h5"));
    add(Draft.outcome(crm, toCrm, "200", Samples.NOW, Duration.ofMillis(2)).event());
    long halt = add(Draft.halt("stop", "halted", "dave", "odd", Samples.NOW).event());

    TraceTree tree = TraceTree.of(records);
    assertThat(tree.roots())
        .extracting(TraceTreeTest::sequence)
        .containsExactly(crm, first, second, liar);
    assertThat(tree.roots().getFirst().events())
        .extracting(record -> record.event().status())
        .containsExactly("200");
    assertThat(tree.roots().get(1).calls())
        .extracting(TraceTreeTest::sequence)
        .containsExactly(booked);
    assertThat(tree.roots().get(2).calls())
        .extracting(TraceTreeTest::sequence)
        .containsExactly(bookedAgain);
    assertThat(tree.others()).extracting(AuditRecord::sequence).containsExactly(halt);
  }

  private static long sequence(Hop hop) {
    return hop.decision().sequence();
  }
}
