package io.margay.console.why;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chain behind a verdict.
 *
 * @param steps the points that judge the packet, in its order
 * @param notes what a reader should know, such as an end that no policy judges
 * @param flip the first change that would turn the verdict; null where none is known
 */
public record WhyAnswer(
    WhyQuestion question,
    Verdict verdict,
    Verdict pending,
    List<Step> steps,
    List<String> notes,
    @Nullable String flip) {
  public WhyAnswer {
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
  }

  /**
   * One point that judges.
   *
   * @param forwarding whether the endpoint only forwards the packet
   * @param stage the stage that had the last word
   * @param enforced null where the packet does not come so far, because it was denied before
   * @param pending the same with staged policies taken as enforced
   */
  public record Step(
      String endpoint,
      Direction direction,
      boolean forwarding,
      Stage stage,
      @Nullable Judgement enforced,
      @Nullable Judgement pending) {}

  /** A verdict and the decisive steps that led to it. */
  public record Judgement(Verdict verdict, List<Hit> trace) {
    public Judgement {
      trace = List.copyOf(trace);
    }
  }
}
