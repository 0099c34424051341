package io.margay.agents.audit.verify;

import io.margay.agents.audit.merkle.Hash;
import java.util.List;

/**
 * What a verification found.
 *
 * @param records that were read and checked
 * @param size of the tree: records that were removed by retention count, too
 * @param root of the tree over the records up to the newest checkpoint
 * @param checkpoints whose signatures and roots were checked
 * @param remarks what somebody should know who relies on the result
 * @param problems what is wrong; empty if nothing is
 */
public record Report(
    long records,
    long size,
    Hash root,
    int checkpoints,
    List<String> remarks,
    List<String> problems) {

  public Report {
    remarks = List.copyOf(remarks);
    problems = List.copyOf(problems);
  }

  public boolean isVerified() {
    return problems.isEmpty();
  }

  /** One line for people. */
  public String summary() {
    return records
        + " records, tree size "
        + size
        + ", root "
        + root.base64()
        + ", "
        + checkpoints
        + (checkpoints == 1 ? " checkpoint: " : " checkpoints: ")
        + (isVerified() ? "verified" : "NOT verified");
  }
}
