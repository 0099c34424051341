package io.margay.cedar.validate;

import java.util.List;

/** Everything that the validator found in a policy set, in the order of the policies. */
public record ValidationReport(List<ValidationProblem> problems) {
  public ValidationReport {
    problems = List.copyOf(problems);
  }

  /** True where the set may be used: there may still be warnings. */
  public boolean passed() {
    return errors().isEmpty();
  }

  public List<ValidationProblem> errors() {
    return problems.stream().filter(ValidationProblem::isError).toList();
  }

  public List<ValidationProblem> warnings() {
    return problems.stream().filter(problem -> !problem.isError()).toList();
  }
}
