package io.margay.cedar.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.EntityUid;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidatorTest {
  private static final Schema SCHEMA =
      Schema.parse(
          new SourceText(
              "schema",
              """
              entity User in [Group] = {
                name: String, age?: Long, boss: User, home: { street: String, zip?: Long }
              } tags String;
              entity Group;
              entity Doc = { owner: User, size: Long, labels: Set<String>, made: datetime };
              entity Color enum ["red", "green"];
              action read in [all] appliesTo { principal: User, resource: Doc,
                context: { ip: ipaddr, mfa?: Bool } };
              action write in [all] appliesTo { principal: User, resource: Doc };
              action all;
              """));

  private static ValidationReport validate(String policy, ValidationMode mode) {
    return new Validator(SCHEMA)
        .validate(CedarParser.policySet(new SourceText("p.cedar", policy)), mode);
  }

  private static ValidationReport condition(String condition) {
    return validate(
        "permit(principal, action == Action::\"read\", resource) when { " + condition + " };",
        ValidationMode.STRICT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "principal has age && principal.age > 3",
        "principal.home has zip && principal.home.zip == 1",
        "principal has home.zip && principal.home.zip == 1",
        "context has mfa && context.mfa",
        "principal.hasTag(\"team\") && principal.getTag(\"team\") == \"a\"",
        "if principal has age then principal.age == 1 else false",
        "resource.labels.contains(\"x\") && [\"a\"].containsAll(resource.labels)",
        "context.ip.isInRange(ip(\"10.0.0.0/8\"))",
        "resource.made.durationSince(datetime(\"2026-01-01\")) < duration(\"1h\")",
        "principal in [Group::\"a\", Group::\"b\"]",
        "principal == resource.owner",
        "Color::\"red\" == Color::\"green\" || true",
        "action in Action::\"all\"",
        "principal is User in Group::\"x\"",
        // The right side is never evaluated, so it is not checked.
        "false && principal.nothing",
        "principal is Doc && principal.size > 1",
      })
  void soundConditionsPass(String condition) {
    assertThat(condition(condition).errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          principal.age > 3                                 | OPTIONAL_ATTRIBUTE
          !(principal has age) || principal.age > 3         | OPTIONAL_ATTRIBUTE
          principal.nme == "x"                              | UNKNOWN_ATTRIBUTE
          principal.getTag("team") == "a"                   | UNCHECKED_TAG
          resource.hasTag("t") && resource.getTag("t") == 1 |
          principal.hasTag("a") && principal.getTag("b") == "x" | UNCHECKED_TAG
          principal.name == 3                               | INCOMPATIBLE_TYPES
          principal.name < "x"                              | UNEXPECTED_TYPE
          principal.name + "x" == 3                         | UNEXPECTED_TYPE
          resource.labels.contains(1)                       | INCOMPATIBLE_TYPES
          resource.labels == []                             | EMPTY_SET
          [1, "a"].contains(1)                              | INCOMPATIBLE_TYPES
          (if context has mfa then 1 else "a") == 1         | INCOMPATIBLE_TYPES
          ip(principal.name).isIpv4()                       | CONSTRUCTOR_NEEDS_LITERAL
          ip("10.0.0.300").isIpv4()                         | INVALID_ARGUMENT
          decimal("1").lessThan(decimal("1.0"))             | INVALID_ARGUMENT
          principal == Nobody::"x"                          | UNKNOWN_ENTITY_TYPE
          action == Action::"raed"                          | UNKNOWN_ACTION
          Color::"blue" == Color::"red"                     | UNKNOWN_ENTITY_ID
          principal.name in Group::"x"                      | UNEXPECTED_TYPE
          principal.name like "a*" && 1                     | UNEXPECTED_TYPE
          {a: 1} == {a: 1, b: 2}                            | INCOMPATIBLE_TYPES
          """)
  void eachMistakeIsToldOnce(String condition, String kind) {
    if (kind == null) {
      assertThat(condition(condition).errors()).isEmpty();
    } else {
      assertThat(condition(condition).errors())
          .extracting(problem -> problem.kind().name())
          .containsOnly(kind);
    }
  }

  @Test
  void aProblemSaysWhereWhatAndWhatToDo() {
    assertThat(condition("principal.nme == \"x\"").errors())
        .singleElement()
        .hasToString(
            "p.cedar:1:62: \"principal.nme\": policy policy0: no attribute nme in User;"
                + " did you mean name?");
  }

  @Test
  void aPolicyThatNoRequestCanSatisfyIsAWarningOnly() {
    ValidationReport report = condition("principal is Doc");

    assertThat(report.passed()).isTrue();
    assertThat(report.warnings())
        .extracting(ValidationProblem::kind)
        .containsExactly(Kind.NEVER_APPLIES);
  }

  @Test
  void aScopeThatAppliesToNothingIsRefusedWithAHint() {
    assertThat(
            validate(
                    "permit(principal == Group::\"g\", action == Action::\"read\", resource);",
                    ValidationMode.STRICT)
                .errors())
        .anySatisfy(problem -> {
          assertThat(problem.kind()).isEqualTo(Kind.ACTION_NEVER_APPLIES);
          assertThat(problem.suggestion()).isEqualTo("write in instead of == for the principal");
        });
  }

  @Test
  void permissiveModeMixesTypesButStillGuardsAttributes() {
    String mixed = "permit(principal, action, resource) when { principal.name == 3 || [] == [1] };";
    String unguarded = "permit(principal, action, resource) when { principal.age == 3 };";

    assertThat(validate(mixed, ValidationMode.PERMISSIVE).errors()).isEmpty();
    assertThat(validate(mixed, ValidationMode.STRICT).errors()).isNotEmpty();
    assertThat(validate(unguarded, ValidationMode.PERMISSIVE).errors())
        .extracting(ValidationProblem::kind)
        .containsOnly(Kind.OPTIONAL_ATTRIBUTE);
  }

  @ParameterizedTest
  @CsvSource({
    "principal.name == \"x\", 1",
    "principal.boss.name == \"x\", 2",
    "principal.boss == resource.owner, 1",
    "principal in Group::\"a\", 1",
    "principal.home.street == \"x\", 1",
    "resource.owner.boss.boss.name == \"x\", 4",
    "context.ip.isIpv4(), 0",
  })
  void levelsCountReferences(String condition, int level) {
    PolicySet policies =
        CedarParser.policySet(
            "permit(principal, action == Action::\"read\", resource) when { " + condition + " };");
    Validator validator = new Validator(SCHEMA);

    assertThat(validator.validate(policies, ValidationMode.STRICT, level).errors()).isEmpty();
    if (level > 0) {
      assertThat(validator.validate(policies, ValidationMode.STRICT, level - 1).errors())
          .extracting(ValidationProblem::kind)
          .containsOnly(Kind.LEVEL_EXCEEDED);
    }
  }

  @Test
  void anEntityInThePolicyCannotBeDereferencedAtAnyLevel() {
    PolicySet policies =
        CedarParser.policySet(
            "permit(principal, action, resource) when { User::\"a\".name == \"x\" };");

    assertThat(new Validator(SCHEMA).validate(policies, ValidationMode.STRICT, 9).errors())
        .extracting(ValidationProblem::kind)
        .containsOnly(Kind.LITERAL_DEREFERENCED);
  }

  @Test
  void linksAreCheckedWithTheirValues() {
    PolicySet templates =
        CedarParser.policySet("permit(principal in ?principal, action, resource == ?resource);");
    var template = templates.templates().get("policy0");
    EntityUid group = EntityUid.of("Group", "g");
    PolicySet good =
        templates.with(
            Policy.link(
                "l",
                template,
                Map.of(Slot.PRINCIPAL, group, Slot.RESOURCE, EntityUid.of("Doc", "d"))));
    PolicySet bad =
        templates.with(
            Policy.link(
                "l",
                template,
                Map.of(Slot.PRINCIPAL, group, Slot.RESOURCE, EntityUid.of("Dok", "d"))));

    assertThat(new Validator(SCHEMA).validate(good, ValidationMode.STRICT).problems()).isEmpty();
    assertThat(new Validator(SCHEMA).validate(bad, ValidationMode.STRICT).errors())
        .extracting(problem -> problem.policyId() + " " + problem.kind())
        .containsExactly("l UNKNOWN_ENTITY_TYPE", "l ACTION_NEVER_APPLIES");
  }

  @Test
  void textThatDeceivesTheReaderIsAWarning() {
    assertThat(
            condition("principal.name == \"p\u0430ypal\" || principal.name == \"\u202etxt\"")
                .warnings())
        .extracting(ValidationProblem::kind)
        .containsExactlyInAnyOrder(Kind.MIXED_SCRIPT, Kind.BIDIRECTIONAL_TEXT);
  }

  @Test
  void longAndDeepPoliciesAreChecked() {
    String chain = "principal.name == \"x\" && ".repeat(5_000) + "true";
    String path = "principal has " + "boss.".repeat(300) + "name";

    assertThat(condition(chain).errors()).isEmpty();
    assertThat(condition(path).errors())
        .extracting(ValidationProblem::kind)
        .containsOnly(Kind.TOO_DEEP);
  }
}
