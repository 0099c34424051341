package io.margay.flows;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTraceTest {
  @Test
  void hitsCountFromZeroAndEndsOfTiersTellTheirTrigger() {
    Outcome outcome =
        new Outcome(
            Verdict.DENY,
            List.of(
                Hit.rule(Fixtures.WEB, 3, RuleAction.PASS),
                Hit.endOfTier("security", RuleAction.DENY, Fixtures.LOCKDOWN)),
            Verdict.ALLOW,
            List.of(Hit.rule(Fixtures.KNS, 0, RuleAction.ALLOW)),
            List.of(Hit.rule(Fixtures.WEB, 0, RuleAction.LOG)));
    PolicyTrace trace = PolicyTrace.of(outcome);
    assertThat(trace.action()).isEqualTo(RuleAction.DENY);
    assertThat(trace.pendingAction()).isEqualTo(RuleAction.ALLOW);
    assertThat(trace.pendingDiffers()).isTrue();
    assertThat(trace.enforced())
        .containsExactly(
            new PolicyHit(
                "CalicoNetworkPolicy", "application", "shop", "web", RuleAction.PASS, 0, 3, null),
            new PolicyHit(
                "EndOfTier", "security", "", "", RuleAction.DENY, 1, -1, Fixtures.LOCKDOWN));
    assertThat(trace.pending())
        .containsExactly(
            new PolicyHit("Profile", "", "", "kns.shop", RuleAction.ALLOW, 0, 0, null));
    assertThat(trace.logs()).extracting(PolicyHit::action).containsExactly(RuleAction.LOG);
  }

  @Test
  void whereNoProfileDecidedTheProfileHasNoName() {
    List<Hit> end = List.of(Hit.endOfProfiles());
    PolicyTrace trace =
        PolicyTrace.of(new Outcome(Verdict.DENY, end, Verdict.CONTINUE, List.of(), List.of()));
    assertThat(trace.enforced())
        .containsExactly(new PolicyHit("Profile", "", "", "", RuleAction.DENY, 0, -1, null));
    assertThat(trace.pendingAction()).isEqualTo(RuleAction.PASS);
    assertThat(trace.pending()).isEmpty();
  }
}
