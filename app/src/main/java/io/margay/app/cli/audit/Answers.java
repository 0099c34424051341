package io.margay.app.cli.audit;

import io.margay.agents.audit.log.AuditDamageException;
import io.margay.app.cli.CommandFailure;
import java.io.IOException;

/** Turns what a log or an option cannot be read for into an error for the user. */
final class Answers {
  private Answers() {}

  /** Something that reads a log. */
  @FunctionalInterface
  interface Question<T> {
    T ask() throws IOException;
  }

  static <T> T of(Question<T> question) throws IOException {
    try {
      return question.ask();
    } catch (AuditDamageException | IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
