package io.margay.console.preview;

import io.margay.console.preview.Conversation.Judgement;
import io.margay.policy.proof.Difference;
import io.margay.policy.proof.Differences;
import java.util.List;
import java.util.Optional;

/**
 * What a preview found.
 *
 * @param change a line for each resource
 * @param pending whether the verdicts are those with the staged policies enforced
 * @param conversations empty if there are no records to look at
 * @param expecting whether intended changes were stated
 */
public record PreviewReport(
    List<String> change,
    boolean pending,
    Optional<List<Conversation>> conversations,
    Differences differences,
    boolean expecting) {
  public PreviewReport {
    change = List.copyOf(change);
    conversations = conversations.map(List::copyOf);
  }

  /** Whether something turns that nobody expects, or something expected does not. */
  public boolean contradicted() {
    return !differences.missed().isEmpty()
        || differences.all().stream().anyMatch(d -> !d.intended())
        || conversations.orElse(List.of()).stream().anyMatch(PreviewReport::turnsUnexpectedly);
  }

  /** A conversation between places that the differences are not about. */
  private static boolean turnsUnexpectedly(Conversation conversation) {
    return conversation.judgement() instanceof Judgement.Turned turned && !turned.intended();
  }

  /** Whether it is not known of all records what becomes of them. */
  public boolean doubtful() {
    return conversations.orElse(List.of()).stream()
        .anyMatch(conversation -> conversation.judgement() instanceof Judgement.Unknown);
  }

  long pairs(boolean allowed) {
    return differences.all().stream()
        .filter(difference -> difference.verdicts().after() == allowed)
        .mapToLong(Difference::pairs)
        .sum();
  }
}
