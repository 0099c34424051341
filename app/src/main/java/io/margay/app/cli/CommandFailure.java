package io.margay.app.cli;

import io.margay.model.manifest.Problem;
import java.util.List;

/** A command that could not do what it was asked. Its lines are fit for the user, as they stand. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;

  public CommandFailure(String message) {
    this(List.of(message));
  }

  public CommandFailure(String message, Throwable cause) {
    super(message, cause);
    this.lines = List.of(message);
  }

  private CommandFailure(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  /** The failure of an input, with everything that is wrong with it. */
  public static CommandFailure ofProblems(List<Problem> problems) {
    return new CommandFailure(problems.stream().map(Problem::toString).toList());
  }

  /** The failure of several things, a line for each. */
  public static CommandFailure ofLines(List<String> lines) {
    return new CommandFailure(lines);
  }

  /** What to print, a line for each thing that is wrong. */
  public List<String> lines() {
    return lines;
  }
}
