package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a demo of agents did, for scripts. All but the last six comes from the audit log.
 *
 * @param calls that were decided
 * @param approved held calls that a person approved, and that went on
 * @param refused held calls that a person refused
 * @param pendingDiffers decisions that staged policies would turn
 * @param chain the calls of the longest chain of agents, the user's first
 * @param auditRecords records in the log
 * @param auditVerified whether chain, tree and signed checkpoints of the log hold
 * @param tamperingFound whether one changed byte and one removed record are found
 * @param callsWithoutRecord requests that reached a server without a record that let them; 0, or
 *     something is wrong
 * @param surprises answers other than the policies say; 0, or something is wrong
 * @param haltMillis from the halt of an agent until its open stream had ended
 * @param deniedAfterHalt whether the halted agent's next call was denied
 * @param redirected the agent that was led to the gateway without knowing it; empty for none
 */
record AgentsReport(
    long calls,
    long permitted,
    long denied,
    long held,
    long approved,
    long refused,
    long pendingDiffers,
    List<AuditFacts.Hop> chain,
    long auditRecords,
    boolean auditVerified,
    boolean tamperingFound,
    long callsWithoutRecord,
    long surprises,
    long haltMillis,
    boolean deniedAfterHalt,
    String redirected,
    String auditLog,
    String kubeconfig) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  boolean isGood() {
    return auditVerified
        && tamperingFound
        && callsWithoutRecord == 0
        && surprises == 0
        && deniedAfterHalt;
  }

  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, JSON.writeValueAsString(this) + "\n");
  }
}
