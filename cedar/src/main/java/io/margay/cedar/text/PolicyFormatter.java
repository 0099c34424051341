package io.margay.cedar.text;

import io.margay.cedar.ast.Annotation;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.parser.CedarParser;
import java.util.List;

/**
 * Formats policies for people: what fits on a line of {@value #WIDTH} columns stays on one, the
 * rest is broken at operators and commas. Comments stay, before the part of the policy that they
 * stood before. Formatting twice changes nothing.
 */
public final class PolicyFormatter {
  static final int WIDTH = 100;

  private final Comments comments;
  private final StringBuilder out = new StringBuilder();

  private PolicyFormatter(Comments comments) {
    this.comments = comments;
  }

  /**
   * A text of policies, formatted.
   *
   * @throws io.margay.cedar.CedarParseException when it is none
   */
  public static String format(SourceText source) {
    CedarParser.Commented parsed = CedarParser.withComments(source);
    PolicyFormatter formatter = new PolicyFormatter(new Comments(parsed.comments()));
    int end = 0;
    for (Template template : parsed.templates()) {
      formatter.commentOnLineOf(end, source);
      formatter.out.append(end == 0 ? "" : "\n\n");
      formatter.policy(template);
      end = template.span().end();
    }
    formatter.commentOnLineOf(end, source);
    if (end > 0) {
      formatter.out.append('\n');
    }
    if (formatter.comments.hasBefore(Integer.MAX_VALUE)) {
      formatter.out.append(end > 0 ? "\n" : "");
      formatter.commentLines(Integer.MAX_VALUE, "");
    }
    return formatter.out.toString();
  }

  /** One policy, formatted, without a newline at its end. */
  public static String format(Template template) {
    PolicyFormatter formatter = new PolicyFormatter(new Comments(List.of()));
    formatter.policy(template);
    return formatter.out.toString();
  }

  /** A comment behind a policy on its last line stays there. */
  private void commentOnLineOf(int policyEnd, SourceText source) {
    if (policyEnd > 0) {
      int lineEnd = source.text().indexOf('\n', policyEnd);
      for (Span comment : comments.takeBefore(lineEnd < 0 ? Integer.MAX_VALUE : lineEnd)) {
        out.append(' ').append(comment.text());
      }
    }
  }

  private void commentLines(int before, String indent) {
    for (Span comment : comments.takeBefore(before)) {
      out.append(indent).append(comment.text().stripTrailing()).append('\n');
    }
  }

  private void policy(Template template) {
    commentLines(template.span().start(), "");
    for (Annotation annotation : template.annotations()) {
      commentLines(annotation.span().start(), "");
      out.append(PolicyPrinter.annotation(annotation)).append('\n');
    }
    List<Condition> conditions = template.conditions();
    // Comments of the scope, and those before the first condition.
    int headEnd =
        conditions.isEmpty() ? template.span().end() : conditions.getFirst().span().start();
    commentLines(headEnd, "");
    head(template);
    for (int i = 0; i < conditions.size(); i++) {
      out.append('\n');
      if (i > 0) {
        commentLines(conditions.get(i).span().start(), "");
      }
      condition(conditions.get(i));
    }
    if (comments.hasBefore(template.span().end())) {
      out.append('\n');
      commentLines(template.span().end(), "");
    }
    out.append(';');
  }

  private void head(Template template) {
    List<String> parts =
        List.of(
            PolicyPrinter.scope("principal", template.principal()),
            PolicyPrinter.action(template.action()),
            PolicyPrinter.scope("resource", template.resource()));
    String line = template.effect().text() + "(" + String.join(", ", parts) + ")";
    if (line.length() <= WIDTH) {
      out.append(line);
    } else {
      out.append(template.effect().text())
          .append("(\n  ")
          .append(String.join(",\n  ", parts))
          .append("\n)");
    }
  }

  private void condition(Condition condition) {
    String line = condition.kind().text() + " { " + ExprPrinter.print(condition.body()) + " }";
    // One more for the semicolon.
    if (line.length() < WIDTH && !comments.hasBefore(condition.span().end())) {
      out.append(line);
      return;
    }
    out.append(condition.kind().text()).append(" {\n  ");
    out.append(new ExprLayout(comments).layout(condition.body(), "  "));
    out.append('\n');
    commentLines(condition.span().end(), "  ");
    out.append('}');
  }
}
