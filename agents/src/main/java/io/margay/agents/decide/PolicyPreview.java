package io.margay.agents.decide;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.Verdict;
import io.margay.model.manifest.Problem;
import java.util.List;

/**
 * What recorded calls would have been answered if a policy had been another one.
 *
 * @param problems why the policy is refused; then nothing was replayed
 * @param considered calls that were replayed
 * @param changes those whose verdict would be another one
 * @param uncertain how many depend on what is not recorded: arguments, the user's groups, or what
 *     the session did before
 */
public record PolicyPreview(
    List<Problem> problems, int considered, List<Change> changes, int uncertain) {

  public PolicyPreview {
    problems = List.copyOf(problems);
    changes = List.copyOf(changes);
  }

  /**
   * A call whose verdict would change.
   *
   * @param before as it was recorded
   */
  public record Change(AuditRecord call, Verdict before, Verdict after) {}
}
