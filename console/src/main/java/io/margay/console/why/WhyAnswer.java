package io.margay.console.why;

import io.margay.policy.why.Explanation;
import java.util.List;

/**
 * The chain behind a verdict.
 *
 * @param notes what a reader should know, such as an end that no policy judges
 */
public record WhyAnswer(WhyQuestion question, Explanation explanation, List<String> notes) {
  public WhyAnswer {
    notes = List.copyOf(notes);
  }
}
