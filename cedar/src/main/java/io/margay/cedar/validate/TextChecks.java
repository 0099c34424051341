package io.margay.cedar.validate;

import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.StringValue;
import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Warns about texts that may not read as what they are: mixed alphabets, reversed directions. */
final class TextChecks {
  /** Marks, overrides and isolates that change the direction of the text around them. */
  private static final Set<Integer> DIRECTIONS =
      Set.of(
          0x202A, 0x202B, 0x202C, 0x202D, 0x202E, // embeddings, overrides and their end
          0x2066, 0x2067, 0x2068, 0x2069); // isolates and their end

  /** Scripts that Chinese, Japanese and Korean texts mix. */
  private static final List<Set<UnicodeScript>> MIXED_WRITING =
      List.of(
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA),
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
          EnumSet.of(UnicodeScript.HAN, UnicodeScript.HANGUL));

  private final String policyId;
  private final Set<ValidationProblem> problems;

  private TextChecks(String policyId, Set<ValidationProblem> problems) {
    this.policyId = policyId;
    this.problems = problems;
  }

  static void check(Template template, Set<ValidationProblem> problems) {
    TextChecks checks = new TextChecks(template.id(), problems);
    PolicyWalk.visit(CoreForm.condition(template), checks::check);
  }

  private void check(Expr expr) {
    switch (expr) {
      case Expr.Literal(StringValue(String text), Span span) -> string(text, span);
      case Expr.Literal(EntityUid(var type, String id), Span span) -> {
        name(type.name().replace("::", ""), span);
        name(id, span);
      }
      case Expr.GetAttribute(_, String attribute, Span span) -> name(attribute, span);
      case Expr.HasAttribute(_, List<String> path, Span span) ->
          path.forEach(attribute -> name(attribute, span));
      case Expr.Like(_, LikePattern pattern, Span span) -> string(text(pattern), span);
      case Expr.RecordOf(List<Expr.Field> fields, Span span) ->
          fields.forEach(field -> name(field.name(), span));
      case Expr.Literal _,
          Expr.Var _,
          Expr.SlotRef _,
          Expr.If _,
          Expr.And _,
          Expr.Or _,
          Expr.Unary _,
          Expr.Binary _,
          Expr.Call _,
          Expr.Is _,
          Expr.SetOf _ -> {}
    }
  }

  private static String text(LikePattern pattern) {
    return pattern.parts().stream()
        .map(part -> part instanceof LikePattern.Text(String text) ? text : "*")
        .collect(Collectors.joining());
  }

  private void string(String text, Span span) {
    checkText(text, span, "the string ");
  }

  private void name(String text, Span span) {
    if (text.codePoints().anyMatch(DIRECTIONS::contains)) {
      checkText(text, span, "the name ");
      return;
    }
    text.codePoints()
        .filter(c -> c > 0x7E && !Character.isUnicodeIdentifierPart(c) || c < ' ' || c == 0x7F)
        .findFirst()
        .ifPresentOrElse(
            c ->
                warn(
                    Kind.CONFUSABLE_NAME,
                    span,
                    "the name "
                        + CedarText.quote(text)
                        + " has U+"
                        + String.format("%04X", c)
                        + ", which is unusual in names"),
            () -> checkText(text, span, "the name "));
  }

  private void checkText(String text, Span span, String what) {
    if (text.codePoints().anyMatch(DIRECTIONS::contains)) {
      warn(
          Kind.BIDIRECTIONAL_TEXT,
          span,
          what + CedarText.quote(text) + " has characters that reverse the text around them");
    } else if (isMixed(text)) {
      warn(Kind.MIXED_SCRIPT, span, what + CedarText.quote(text) + " mixes alphabets");
    }
  }

  private static boolean isMixed(String text) {
    Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    text.codePoints().mapToObj(UnicodeScript::of).forEach(scripts::add);
    scripts.removeAll(
        EnumSet.of(UnicodeScript.COMMON, UnicodeScript.INHERITED, UnicodeScript.UNKNOWN));
    return scripts.size() > 1 && MIXED_WRITING.stream().noneMatch(w -> w.containsAll(scripts));
  }

  private void warn(Kind kind, Span span, String message) {
    problems.add(new ValidationProblem(policyId, kind, message, "", span));
  }
}
