package io.margay.model.resource;

import io.margay.model.assertion.Assertion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be true of all policies together. It is cluster-wide, since what it says is about both
 * ends of traffic, and since what speaks against it tells the policies of both their namespaces.
 */
public record PolicyAssertion(ObjectMeta metadata, List<Statement> statements)
    implements WorkbenchResource {

  public PolicyAssertion {
    statements = List.copyOf(statements);
  }

  @Override
  public Kind kind() {
    return Kind.POLICY_ASSERTION;
  }

  /**
   * One assertion. What cannot be read is kept as such, so that nobody takes it for proven.
   *
   * @param text as it was written
   * @param assertion null if it cannot be read
   * @param problem why it cannot be read; empty if it can
   */
  public record Statement(String text, @Nullable Assertion assertion, String problem) {
    /** Reads one. */
    public static Statement of(String text) {
      try {
        return new Statement(text, Assertion.parse(text), "");
      } catch (IllegalArgumentException e) {
        return new Statement(text, null, String.valueOf(e.getMessage()));
      }
    }
  }
}
