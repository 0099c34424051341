package io.margay.model.manifest;

/** Text that is not YAML or JSON, or that goes beyond a limit. */
final class DocumentException extends Exception {
  private static final long serialVersionUID = 1;

  private final int line;
  private final int column;
  private final String fix;

  /**
   * What is wrong, and where.
   *
   * @param line from 1
   * @param column from 1
   */
  DocumentException(String message, String fix, int line, int column) {
    super(message);
    this.fix = fix;
    this.line = line;
    this.column = column;
  }

  Problem problem(String source) {
    return new Problem(
        source + ", line " + line + ", column " + column,
        "",
        "",
        String.valueOf(getMessage()),
        fix);
  }
}
