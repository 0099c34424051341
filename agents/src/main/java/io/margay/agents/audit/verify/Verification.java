package io.margay.agents.audit.verify;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.merkle.Frontier;
import io.margay.agents.audit.merkle.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a log's records one after the other: their form, their numbers, the chain, and the tree's
 * root wherever a checkpoint was signed. Each root is computed from the records, so the checkpoints
 * are consistent with each other if all of them agree.
 */
final class Verification {
  private static final int MAX_PROBLEMS = 20;

  private final Checkpoints checkpoints;
  private final List<String> problems = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<Map<String, String>> prunes = new ArrayList<>();

  private Frontier frontier = new Frontier();
  private Hash sealedRoot = Hash.EMPTY;
  private long records;
  private long dropped;

  /** Checkpoints that do not fit; after the first, the others follow from it. */
  private long wrongRoots;

  private long first = -1;
  private List<Hash> removed = List.of();
  private String previousOfFirst = "";
  private Optional<String> lastHash = Optional.of(AuditRecord.NO_PREVIOUS);

  Verification(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
    checkpoints.problems().forEach(this::problem);
    checkRoot();
  }

  /** Begins behind records that were removed, of which only the tree's edge is left. */
  void startBehind(Frontier edge) {
    frontier = edge;
    lastHash = Optional.empty();
    checkRoot();
  }

  /** A record that was removed: its hash is left. */
  void removed(Hash leaf) {
    frontier.add(leaf);
    lastHash = Optional.empty();
    checkRoot();
  }

  /** The next record's number. */
  long next() {
    return frontier.size();
  }

  /** The next record. */
  void record(byte[] bytes) {
    long sequence = frontier.size();
    if (first < 0) {
      first = sequence;
      removed = frontier.subtrees();
    }
    try {
      check(sequence, RecordJson.read(bytes));
    } catch (IllegalArgumentException e) {
      problem("record " + sequence + ": " + e.getMessage());
    }
    records++;
    lastHash = Optional.of(Hash.of(bytes).hex());
    frontier.add(Hash.ofLeaf(bytes));
    checkRoot();
  }

  private void check(long sequence, AuditRecord record) {
    if (record.sequence() != sequence) {
      problem("record " + sequence + ": in its place is record " + record.sequence());
    }
    if (sequence == first) {
      previousOfFirst = record.previous();
    }
    if (lastHash.isPresent() && !lastHash.get().equals(record.previous())) {
      problem(
          "record "
              + sequence
              + ": it was chained to a record with hash "
              + record.previous()
              + ", but "
              + (sequence == 0 ? "the first record follows " : "record " + (sequence - 1) + " has ")
              + lastHash.get()
              + ": one of the two was changed");
    }
    if (record.event().kind() == AuditKind.PRUNE) {
      prunes.add(record.event().details());
    }
  }

  private void checkRoot() {
    long size = frontier.size();
    if (!checkpoints.knows(size)) {
      return;
    }
    sealedRoot = frontier.root();
    for (Hash root : checkpoints.roots(size)) {
      if (!root.equals(sealedRoot) && ++wrongRoots == 1) {
        problem(
            "checkpoint of size "
                + size
                + ": it was signed over the root "
                + root.base64()
                + ", but these records have "
                + sealedRoot.base64());
      }
    }
  }

  /** Whether a record was read: from then on none may be missing. */
  boolean hasRecords() {
    return first >= 0;
  }

  List<String> checkpointProblems() {
    return List.copyOf(checkpoints.problems());
  }

  void problem(String text) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(text);
    } else {
      dropped++;
    }
  }

  void remark(String text) {
    remarks.add(text);
  }

  /** No more records. */
  Report finish() {
    long size = frontier.size();
    for (long missing : checkpoints.above(size)) {
      problem(
          "checkpoint of size "
              + missing
              + ": the log ends after "
              + size
              + " records, "
              + (missing - size)
              + " are missing at its end");
    }
    long behind = size - checkpoints.newest();
    if (behind > 0 && checkpoints.newest() > 0) {
      remark(behind + " records behind the newest checkpoint are chained, but not sealed yet");
    }
    if (first > 0) {
      checkPrune();
    }
    if (wrongRoots > 1) {
      problem(wrongRoots - 1 + " later checkpoints do not fit, either");
    }
    if (dropped > 0) {
      problems.add("and " + dropped + " more");
    }
    return new Report(records, size, sealedRoot, checkpoints.count(), remarks, problems);
  }

  /** Old records may be missing only if a later record says so, with the same hashes. */
  private void checkPrune() {
    Optional<Map<String, String>> told =
        prunes.stream()
            .filter(details -> Long.toString(first).equals(details.get("end")))
            .findFirst();
    if (told.isEmpty()) {
      problem("records 0 to " + (first - 1) + " are missing, and no PRUNE record tells of it");
      return;
    }
    List<String> expected = removed.stream().map(Hash::base64).toList();
    if (!String.join(" ", expected).equals(told.get().get("subtrees"))
        || !previousOfFirst.equals(told.get().get("previous"))) {
      problem(
          "records 0 to "
              + (first - 1)
              + " were removed, but the PRUNE record tells of records with other hashes");
      return;
    }
    remark("records 0 to " + (first - 1) + " were removed by retention; their hashes are left");
  }
}
