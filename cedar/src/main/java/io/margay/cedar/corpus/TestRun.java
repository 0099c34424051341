package io.margay.cedar.corpus;

import java.nio.file.Path;
import java.util.List;

/**
 * What came of one test file.
 *
 * @param requests how many requests were decided
 * @param failures what differed from what is expected; none where the test passed
 */
public record TestRun(Path file, int requests, List<String> failures) {
  public TestRun {
    failures = List.copyOf(failures);
  }

  public boolean passed() {
    return failures.isEmpty();
  }
}
