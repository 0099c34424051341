package io.margay.cedar.analyze;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.RequestEnvironment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyzerTest {
  private static final Schema SCHEMA =
      Schema.parse(
          new SourceText(
              "schema",
              """
              entity Group;
              entity User in [Group] = { name: String, age?: Long, admin: Bool };
              entity Doc = { owner: User, size: Long };
              action read, write appliesTo { principal: User, resource: Doc, context: { mfa: Bool } };
              """));

  private final Analyzer analyzer = new Analyzer(SCHEMA);

  private static PolicySet set(String text) {
    return CedarParser.policySet(new SourceText("p.cedar", text));
  }

  private static PolicySet permits(String... conditions) {
    StringBuilder text = new StringBuilder();
    for (String condition : conditions) {
      String effect = condition.startsWith("forbid ") ? "forbid" : "permit";
      text.append(effect).append("(principal, action, resource) when { ");
      text.append(condition.replaceFirst("^forbid ", "")).append(" };\n");
    }
    return set(text.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          principal.name == "a" && principal.name == "b" ; true
          resource.size > 5 && resource.size < 3 ; true
          resource.size > 5 && resource.size < 7 ; false
          principal.name like "a*" && principal.name == "b" ; true
          principal.name like "a*" && principal.name == "ab" ; false
          principal.admin && !principal.admin ; true
          !(principal.admin || context.mfa) && context.mfa ; true
          principal has age && principal.age > 1 ; false
          if principal.admin then false else !(principal.admin) ; false
          if principal.admin then false else principal.admin ; true
          """)
  void policiesThatCanNeverApplyAreFound(String condition, boolean never) {
    List<Finding> findings = analyzer.analyze(permits(condition)).findings();

    assertThat(findings.stream().anyMatch(f -> f.kind() == Finding.Kind.NEVER_APPLIES))
        .isEqualTo(never);
  }

  @Test
  void aPermitThatAnotherCoversIsFound() {
    Analysis analysis =
        analyzer.analyze(
            permits("principal.admin", "principal.admin && context.mfa", "resource.size < 3"));

    assertThat(analysis.findings())
        .containsExactly(new Finding(Finding.Kind.COVERED, "policy1", List.of("policy0")));
  }

  @Test
  void severalPermitsMayCoverOneTogether() {
    Analysis analysis =
        analyzer.analyze(
            permits(
                "context.mfa && principal.admin",
                "context.mfa",
                "!context.mfa && principal.admin",
                "principal.admin && resource.size < 9"));

    assertThat(analysis.findings())
        .contains(new Finding(Finding.Kind.COVERED, "policy0", List.of("policy1")))
        .contains(
            new Finding(Finding.Kind.COVERED, "policy3", List.of("policy0", "policy1", "policy2")));
  }

  @Test
  void aPermitIsNotCoveredByOneThatMayFail() {
    // On the left of ||, an overflow fails the second policy where the first is satisfied.
    Analysis analysis =
        analyzer.analyze(permits("principal.admin", "resource.size + 1 > 0 || principal.admin"));

    assertThat(analysis.findings()).isEmpty();
  }

  @Test
  void aPermitThatForbidsSilenceIsFound() {
    Analysis analysis =
        analyzer.analyze(permits("principal.admin", "forbid principal.admin || context.mfa"));

    // The forbid reads the same attribute first: where the permit is satisfied, so is the forbid.
    assertThat(analysis.findings())
        .containsExactly(new Finding(Finding.Kind.SILENCED, "policy0", List.of("policy1")));
  }

  @Test
  void setsThatSayTheSameInOtherWordsAreProvenEqual() {
    assertThat(
            analyzer.compare(
                permits("principal.admin || context.mfa"),
                permits("principal.admin", "!(principal.admin) && context.mfa")))
        .isInstanceOf(Comparison.Equal.class);
    assertThat(
            analyzer.compare(
                permits("context.mfa", "forbid !(context.mfa)"), permits("context.mfa == true")))
        .isNotInstanceOf(Comparison.Different.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          resource.size < 3                       | resource.size <= 3
          principal.name like "a*"                | principal.name like "a*b"
          principal in Group::"x"                 | principal in Group::"y"
          principal == User::"a"                  | principal == User::"b"
          principal has age && principal.age == 7 | principal has age && principal.age == 8
          resource.owner == principal             | resource.owner != principal
          context.mfa                             | context.mfa && principal.admin
          """)
  void differentSetsGiveARequestThatShowsIt(String first, String second) {
    Comparison comparison = analyzer.compare(permits(first), permits(second));

    assertThat(comparison)
        .isInstanceOfSatisfying(
            Comparison.Different.class,
            different -> {
              assertThat(decides(permits(first), different)).isEqualTo(different.allowedByFirst());
              assertThat(decides(permits(second), different))
                  .isEqualTo(different.allowedBySecond());
              assertThat(different.allowedByFirst()).isNotEqualTo(different.allowedBySecond());
            });
  }

  private static boolean decides(PolicySet policies, Comparison.Different different) {
    return Authorizer.of(policies).decide(different.request(), different.entities()).isAllowed();
  }

  @Test
  void recordedRequestsThatAChangeFlipsAreCounted() {
    String recorded =
        """
        [{"principal": "User::\\"a\\"", "action": "Action::\\"read\\"", "resource": "Doc::\\"d\\"",
          "context": {"mfa": true}, "time": "2026-11-27T20:00:00Z"},
         {"principal": "User::\\"a\\"", "action": "Action::\\"read\\"", "resource": "Doc::\\"d\\"",
          "context": {"mfa": false}}]\
        """;
    List<Request> requests = RecordedRequests.read(new SourceText("r.json", recorded), SCHEMA);

    assertThat(
            RecordedRequests.flips(
                requests, Entities.EMPTY, permits("true"), permits("context.mfa")))
        .extracting(RecordedRequests.Flip::number)
        .containsExactly(2);
  }

  @Test
  void policiesThatDoNotValidateAreNotAnalysed() {
    assertThatThrownBy(() -> analyzer.analyze(permits("principal.nothing")))
        .isInstanceOf(CedarParseException.class);
  }

  /** What is proven must hold for every request that the sampler makes. */
  @Test
  void proofsHoldOnRandomSetsAndRequests() {
    List<String> tests =
        List.of(
            "principal.admin",
            "context.mfa",
            "resource.size < 3",
            "resource.size > 5",
            "principal.name == \"a\"",
            "principal.name like \"a*\"",
            "resource.size + 1 < 9",
            "principal has age",
            "principal in Group::\"x\"",
            "principal == resource.owner");
    int findings = 0;
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      String[] conditions = new String[3];
      for (int i = 0; i < conditions.length; i++) {
        String one = tests.get(random.nextInt(tests.size()));
        String two = tests.get(random.nextInt(tests.size()));
        String operator = random.nextBoolean() ? " && " : " || ";
        boolean forbid = random.nextInt(4) == 0;
        conditions[i] =
            (forbid ? "forbid " : "")
                + (random.nextBoolean() ? "!(" + one + ")" : one)
                + operator
                + two;
      }
      PolicySet policies = permits(conditions);
      List<Finding> found = analyzer.analyze(policies).findings();
      findings += found.size();
      for (Finding finding : found) {
        checkOnSamples(policies, finding);
      }
    }
    assertThat(findings).isGreaterThan(20);
  }

  private static void checkOnSamples(PolicySet policies, Finding finding) {
    PolicySet alone = set("").with(policies.policies().get(finding.policyId()));
    Authorizer one = Authorizer.of(alone);
    PolicySet.Builder rest = PolicySet.EMPTY.toBuilder();
    finding.others().forEach(id -> rest.add(policies.policies().get(id)));
    Authorizer others = Authorizer.of(rest.build());
    for (RequestEnvironment environment : RequestEnvironment.of(SCHEMA)) {
      SampleRequests samples = new SampleRequests(SCHEMA, environment, List.of(policies));
      for (int i = 0; i < 100; i++) {
        SampleRequests.Sample sample = samples.next();
        boolean satisfied = !one.decide(sample.request(), sample.entities()).reasons().isEmpty();
        boolean anyOther = !others.decide(sample.request(), sample.entities()).reasons().isEmpty();
        assertThat(!satisfied || anyOther).as(finding + " of " + policies.policies()).isTrue();
      }
    }
  }
}
