package io.margay.app.agents.redteam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.app.agents.lab.CompanyResources;
import io.margay.app.agents.redteam.Score.Result;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The attacks on the policies that are shipped, and on some that anything gets through. */
class RedTeamTest {
  private static final String WEAK =
      """
      apiVersion: projectcalico.org/v3
      kind: Tier
      metadata: {name: work}
      spec: {order: 100}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentPolicy
      metadata: {name: everything}
      spec:
        tier: work
        cedar: permit(principal, action, resource);
      """;

  @TempDir Path folder;

  @Test
  @Timeout(600)
  void theShippedPoliciesStopEveryAttackAndARecordSaysSo() throws Exception {
    List<Score> scores = run(CompanyResources.policies(), Set.of());
    assertThat(scores)
        .extracting(Score::attack)
        .contains(
            "tool-poisoning",
            "confused-deputy",
            "token-replay",
            "depth-bomb",
            "argument-smuggling",
            "header-mismatch",
            "approval-reuse");
    assertThat(scores)
        .allSatisfy(score -> {
          assertThat(score.result()).as(score::toString).isEqualTo(Result.STOPPED);
          assertThat(score.records())
              .isNotEmpty()
              .allSatisfy(stop -> assertThat(stop.reason()).isNotBlank());
        });
  }

  @Test
  @Timeout(300)
  void weakPoliciesStopOnlyWhatNoPolicyHasTo() throws Exception {
    Set<String> attacks =
        Set.of(
            "hidden-instruction",
            "confused-deputy",
            "deputised-payment",
            "approval-reuse",
            "costly-model",
            "header-mismatch",
            "token-replay");
    Map<String, Result> results =
        run(Manifests.read("weak.yaml", WEAK).objects(), attacks).stream()
            .collect(Collectors.toMap(Score::attack, Score::result));
    assertThat(results)
        .containsOnly(
            Map.entry("hidden-instruction", Result.GOT_THROUGH),
            Map.entry("confused-deputy", Result.GOT_THROUGH),
            Map.entry("deputised-payment", Result.GOT_THROUGH),
            Map.entry("approval-reuse", Result.GOT_THROUGH),
            Map.entry("costly-model", Result.GOT_THROUGH),
            Map.entry("header-mismatch", Result.STOPPED),
            Map.entry("token-replay", Result.STOPPED));
  }

  @Test
  void anAttackThatIsNotKnownIsAnError() {
    assertThatThrownBy(() -> run(List.of(), Set.of("nonsense")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no attack nonsense; known are hidden-instruction");
  }

  private List<Score> run(List<KubeObject> policies, Set<String> names) throws Exception {
    return new RedTeam(policies, folder).run(names, _ -> {});
  }
}
