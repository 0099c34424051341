package io.margay.cedar.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.text.ExprPrinter;
import io.margay.cedar.text.PolicyPrinter;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.StringValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CedarParserTest {

  private static Expr expression(String text) {
    return CedarParser.expression(new SourceText("test.cedar", text));
  }

  private static CedarError errorOf(String text) {
    try {
      CedarParser.policySet(new SourceText("test.cedar", text));
    } catch (CedarParseException e) {
      return e.errors().getFirst();
    }
    throw new AssertionError("no error in " + text);
  }

  private static CedarError conditionError(String body) {
    return errorOf("permit(principal, action, resource) when { " + body + " };");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "principal.age + 1 * -2 - (3 - 4) < 9",
        "!(principal in Group::\"a\") && (a::b::C::\"x\" == resource || true)",
        "if context.x then {a: 1, \"b c\": [1, \"x\"]} else {}",
        "principal is User in [Group::\"a\", Group::\"b\"]",
        "context has a.b.c && context has \"x y\"",
        "resource.path like \"/a/\\**\" || resource[\"if\"].contains(-9223372036854775808)",
        "ip(context.addr).isInRange(ip(\"10.0.0.0/8\"))",
        "principal.getTag(\"k\") == 1 && principal.hasTag(context.k) && [].isEmpty()",
        "principal == a::b::\"\\u{1f43e}\\n\"",
        "(1 == 2) == (3 == 4)",
        "-(-5) == -(5) && !(!true)",
        "datetime(\"2026-11-27\").offset(duration(\"1h\")).toDate() < datetime(\"2026-11-28\")",
        "(if true then 1 else 2) + 3 == 4",
        "(1 < 2).foo",
      })
  void printedExpressionsReadBackAsTheSameTree(String text) {
    Expr expr = expression(text);
    String printed = ExprPrinter.print(expr);
    assertThat(expression(printed)).isEqualTo(expr);
    assertThat(ExprPrinter.print(expression(printed))).isEqualTo(printed);
  }

  @Test
  void readsEveryFormOfScope() {
    String text =
        """
        @id("one") @flag
        permit(principal == User::"a", action in [Action::"x", N::Action::"y"], resource is Doc);
        forbid(principal is User in Group::"g", action == Action::"x", resource in (Folder::"f"),)
          when { true } unless { principal.a };
        permit(principal in ?principal, action in Action::"g", resource == ?resource);
        """;
    List<Template> all = CedarParser.templates(new SourceText("p.cedar", text));

    assertThat(all).extracting(Template::id).containsExactly("policy0", "policy1", "policy2");
    assertThat(all.get(0).annotation("id").orElseThrow().value()).contains("one");
    assertThat(all.get(0).annotation("flag").orElseThrow().value()).isEmpty();
    assertThat(all.get(0).action()).isInstanceOf(ActionConstraint.InAny.class);
    assertThat(all.get(1).principal()).isInstanceOf(ScopeConstraint.IsIn.class);
    assertThat(all.get(1).conditions()).hasSize(2);
    assertThat(all.get(2).slots()).containsExactlyInAnyOrder(Slot.PRINCIPAL, Slot.RESOURCE);
    assertThat(all.get(2).principal().reference().orElseThrow()).isInstanceOf(EntityRef.Open.class);
    for (Template template : all) {
      String printed = PolicyPrinter.print(template);
      assertThat(CedarParser.template(template.id(), new SourceText("", printed)))
          .isEqualTo(template);
    }
  }

  @Test
  void templatesAndPoliciesAreToldApart() {
    PolicySet set =
        CedarParser.policySet(
            "permit(principal == ?principal, action, resource); forbid(principal, action, resource);");
    assertThat(set.templates()).containsOnlyKeys("policy0");
    assertThat(set.policies()).containsOnlyKeys("policy1");
  }

  @Test
  void chainsAreOneNodeHoweverLong() {
    String chain = "true" + " && true".repeat(50_000);
    assertThat(((Expr.And) expression(chain)).operands()).hasSize(50_001);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "context.a = 1 | 1:54 | = | write ==",
        "context.a == 1 == 2 | 1:59 | == | join the two with &&",
        "1 < 2 in 3 | 1:50 | in | join the two",
        "a b | 1:44 | a | the variables are",
        "principle == 1 | 1:44 | principle | did you mean principal?",
        "!!!!!true | 1:44 | !!!!! | leave out pairs",
        "-----1 | 1:44 | ----- | leave out pairs",
        "9223372036854775808 == 1 | 1:44 | 9223372036854775808 | the greatest is",
        "-9223372036854775809 == 1 | 1:44 | -9223372036854775809 | the least is",
        "\"\\q\" == 1 | 1:45 | \\q | the escapes are",
        "\"\\*\" == 1 | 1:45 | \\* | write *",
        "\"\\xff\" == 1 | 1:45 | \\xff | write \\u{ff}",
        "\"\\u{d800}\" == 1 | 1:45 | \\u{d800} | up to 10ffff",
        "\"\\u{}\" == 1 | 1:45 | \\u{} | write like",
        "\"\\u{1234567}\" == 1 | 1:45 | \\u{1234567} | write like",
        "4 / 2 == 2 | 1:46 | / | multiply",
        "principal.isIpv5() | 1:54 | isIpv5 | did you mean isIpv4?",
        "principal.ip() | 1:54 | ip | write ip(…)",
        "isIpv4(principal) | 1:44 | isIpv4 | write value.isIpv4(…)",
        "decimel(\"1.0\") == 1 | 1:44 | decimel | did you mean decimal?",
        "principal.contains() | 1:44 | principal.contains() | it takes one",
        "{a: 1, \"a\": 2} == 1 | 1:51 | `\"a\"` | remove one",
        "principal.if | 1:54 | if | write [\"if\"]",
        "principal.__cedar | 1:54 | __cedar | choose another name",
        "__cedar::\"x\" == 1 | 1:44 | __cedar | choose another name",
        "1 == if true then 1 else 2 | 1:49 | if | in parentheses",
        "?principal == 1 | 1:44 | ?principal | the scope only",
        "principal is \"User\" | 1:57 | `\"User\"` | without quotes",
        "principal is User::\"a\" | 1:63 | `\"a\"` | the type only",
        "principal like principal | 1:59 | principal | ",
        "'a' == 1 | 1:44 | ' | write \"…\"",
        "true & true | 1:49 | & | write &&",
        "(1)(2) == 1 | 1:44 | (1) | call functions by their name",
        "principal(1) == 1 | 1:44 | principal | remove the parentheses",
        "principal[1] == 1 | 1:54 | 1 | ",
        " | 1:43 | } | write one, or remove the when",
      })
  void saysWhatToWriteInstead(String body, String place, String text, String suggestion) {
    CedarError error = conditionError(body == null ? "" : body);
    String where = error.line() + ":" + error.column();
    // An empty body leaves one blank more before the brace.
    assertThat(where).isEqualTo(body == null ? "1:45" : place);
    assertThat(error.text()).isEqualTo(text);
    assertThat(error.suggestion()).contains(suggestion == null ? "" : suggestion);
    assertThat(error.file()).isEqualTo("test.cedar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permit(principal, action);",
        "permit(principal, action, resource, context);",
        "permit(action, principal, resource);",
        "permit(principal = User::\"a\", action, resource);",
        "permit(principal: User, action, resource);",
        "permit(principal > User::\"a\", action, resource);",
        "permit(principal == User, action, resource);",
        "permit(principal == \"a\", action, resource);",
        "permit(principal == ?resource, action, resource);",
        "permit(principal is User == User::\"a\", action, resource);",
        "permit(principal in Group::\"a\" is User, action, resource);",
        "permit(principal in [Group::\"a\"], action, resource);",
        "permit(principal, action == ?action, resource);",
        "permit(principal, action == ?principal, resource);",
        "permit(principal, action is Action, resource);",
        "permit(principal, action == User::\"a\", resource);",
        "permit(principal, action in [Action::\"a\", User::\"a\"], resource);",
        "permit(principal, action, resource) if { true };",
        "permit(principal, action, resource)",
        "allow(principal, action, resource);",
        "@a @a permit(principal, action, resource);",
        "@a(1) permit(principal, action, resource);",
        "@ permit(principal, action, resource);",
        "permit(principal, action, resource) when { \"open };",
        "permit(principal, action, resource) when { ?other };",
        "#",
        "permit(principal, action, resource) when { User::\"\r\" == principal };",
        "permit(principal in Group::{name: \"a\"}, action, resource);",
      })
  void refuses(String text) {
    assertThatThrownBy(() -> CedarParser.policySet(text)).isInstanceOf(CedarParseException.class);
  }

  @Test
  void findsTheErrorsOfAllPolicies() {
    String text =
        """
        permit(principal, action);
        permit(principal, action, resource);
        forbid(principal, action, resource) when { 1 = 2 };
        """;
    assertThatThrownBy(() -> CedarParser.policySet(new SourceText("two.cedar", text)))
        .isInstanceOfSatisfying(
            CedarParseException.class,
            e -> assertThat(e.errors()).extracting(CedarError::line).containsExactly(1, 3));
  }

  @Test
  void garbageIsRefusedWithoutAnErrorForEachOfItsCharacters() {
    for (String text : List.of("@a(\"\") x " + "#".repeat(500_000), "#;".repeat(300_000))) {
      assertThatThrownBy(() -> CedarParser.policySet(text))
          .isInstanceOfSatisfying(
              CedarParseException.class, e -> assertThat(e.errors()).hasSizeLessThan(30));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000})
  void deepNestingIsCedarsRecursionError(int depth) {
    List<String> texts =
        List.of(
            "(".repeat(depth) + "true" + ")".repeat(depth),
            "[".repeat(depth) + "]".repeat(depth),
            "{a: ".repeat(depth) + "1" + "}".repeat(depth),
            "if true then ".repeat(depth) + "1",
            "principal" + ".a".repeat(depth),
            "principal has a" + ".a".repeat(depth),
            "1" + " + 1".repeat(depth),
            "principal" + ".contains(principal)".repeat(depth));
    for (String text : texts) {
      assertThatThrownBy(() -> expression(text))
          .isInstanceOf(CedarParseException.class)
          .hasMessageContaining("recursion limit reached");
    }
  }

  @Test
  void theStarTestOfPatternsComesAfterTheEscapes() {
    Expr.Like escaped = (Expr.Like) expression("\"\" like \"a\\u{2a}\\x2a\\*\"");
    assertThat(escaped.pattern()).hasToString("\"a*\\*\"");
  }

  @Test
  void onlyTheDirectlyNegatedLiteralIsTheLeastNumber() {
    assertThat(expression("-9223372036854775808"))
        .isEqualTo(new Expr.Literal(new LongValue(Long.MIN_VALUE), Span.NONE));
    assertThatThrownBy(() -> expression("-(9223372036854775808)"))
        .isInstanceOf(CedarParseException.class);
  }

  @Test
  void readsRustsEscapes() {
    assertThat(((Expr.Literal) expression("\"\\n\\r\\t\\0\\\\\\\"\\'\\x41\\u{1_f4_3e}é\"")).value())
        .isEqualTo(new StringValue("\n\r\t\0\\\"'A\uD83D\uDC3Eé"));
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] bytes = "permit(\n  \u00e9".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> CedarParser.decode("latin.cedar", bytes))
        .isInstanceOfSatisfying(
            CedarParseException.class,
            e ->
                assertThat(e.errors().getFirst())
                    .hasToString("latin.cedar:2:3: \"0xe9\": not UTF-8; save the file as UTF-8."));
  }

  @Test
  void aLongPolicyIsRead() {
    String text =
        "permit(principal, action, resource) when { [\""
            + "x".repeat(1_000_000)
            + "\"].isEmpty() };";
    assertThat(CedarParser.policySet(text).policies()).hasSize(1);
  }
}
