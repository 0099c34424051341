package io.margay.console.why;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
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

  /** One point that judges. */
  public record Step(String endpoint, Direction direction, Stage stage, Outcome outcome) {}
}
