package io.margay.cedar.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.LevelValidationRequest;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.ValidationResponse;
import com.cedarpolicy.model.ValidationResponse.SuccessOrFailure;
import com.cedarpolicy.model.ValidationResponse.ValidationError;
import com.cedarpolicy.model.ValidationResponse.ValidationSuccessResponse;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import com.cedarpolicy.model.schema.Schema.JsonOrCedar;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.parser.CedarParser;
import java.util.Collection;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official implementation and ours must refuse the same policies, and warn about the same that
 * never apply, for random schemas and policies. {@code -Dmargay.cedar.pairs} sets how many.
 */
class ValidatorOracleTest {
  private static final int PAIRS = Integer.getInteger("margay.cedar.pairs", 12_000);
  private static final int POLICIES_A_SCHEMA = 40;
  private static final long SEED = Long.getLong("margay.cedar.seed", 4_10_0);

  private final BasicAuthorizationEngine oracle = new BasicAuthorizationEngine();

  private interface Validation {
    ValidationReport validate(Validator validator, io.margay.cedar.ast.PolicySet policies);
  }

  private interface OracleValidation {
    ValidationResponse validate(Schema schema, PolicySet policies) throws AuthException;
  }

  @Test
  void strictValidationRefusesTheSamePolicies() throws AuthException {
    Counts counts =
        compareAll(
            SEED,
            PAIRS,
            (validator, policies) -> validator.validate(policies, ValidationMode.STRICT),
            (schema, policies) -> oracle.validate(new ValidationRequest(schema, policies)));

    // A generator that makes only good, or only bad policies would prove little.
    assertThat(counts.refused()).isBetween(PAIRS / 10, PAIRS * 9 / 10);
    assertThat(counts.neverApplying()).isGreaterThan(PAIRS / 100);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void levelsRefuseTheSamePolicies(int level) throws AuthException {
    compareAll(
        SEED + 1_000_000,
        PAIRS / 4,
        (validator, policies) -> validator.validate(policies, ValidationMode.STRICT, level),
        (schema, policies) ->
            oracle.validateWithLevel(new LevelValidationRequest(schema, policies, level)));
  }

  private record Counts(int refused, int neverApplying) {}

  private static Counts compareAll(
      long seed, int pairs, Validation validation, OracleValidation oracleValidation)
      throws AuthException {
    int refused = 0;
    int neverApplying = 0;
    for (int pair = 0; pair < pairs; pair += POLICIES_A_SCHEMA) {
      Random random = new Random(seed + pair);
      String schemaText = new RandomSchemas(random).next();
      io.margay.cedar.schema.Schema schema =
          io.margay.cedar.schema.Schema.parse(new SourceText("schema", schemaText));
      RandomPolicies generator = new RandomPolicies(random, schema);
      StringBuilder written = new StringBuilder();
      for (int i = 0; i < POLICIES_A_SCHEMA; i++) {
        written.append(generator.next());
      }
      String policies = written.toString();
      ValidationReport ours =
          validation.validate(
              new Validator(schema), CedarParser.policySet(new SourceText("policies", policies)));
      ValidationResponse theirs =
          oracleValidation.validate(
              Schema.parse(JsonOrCedar.Cedar, schemaText), PolicySet.parsePolicies(policies));
      assertThat(theirs.type)
          .as(() -> "the oracle reads\n" + schemaText + policies + theirs.errors)
          .isEqualTo(SuccessOrFailure.Success);
      ValidationSuccessResponse found = theirs.success.orElseThrow();
      Comparison comparison = new Comparison(schemaText, policies, ours);
      comparison.same(ours.errors(), found.validationErrors);
      comparison.same(ours.warnings(), found.validationWarnings);
      refused += ids(ours.errors()).size();
      neverApplying += ids(ours.warnings()).size();
    }
    return new Counts(refused, neverApplying);
  }

  private record Comparison(String schema, String policies, ValidationReport report) {
    void same(Collection<ValidationProblem> ours, Collection<ValidationError> theirs) {
      Set<String> ourIds = ids(ours);
      Set<String> theirIds =
          theirs.stream()
              .map(ValidationError::getPolicyId)
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> all = new TreeSet<>(ourIds);
      all.addAll(theirIds);
      for (String id : all) {
        assertThat(ourIds.contains(id))
            .as(() -> describe(id, theirs))
            .isEqualTo(theirIds.contains(id));
      }
    }

    private String describe(String id, Collection<ValidationError> theirs) {
      String policy = policies.lines().toList().get(Integer.parseInt(id.substring(6)));
      String theySay =
          theirs.stream()
              .filter(error -> error.getPolicyId().equals(id))
              .map(error -> error.getError().message)
              .collect(Collectors.joining("\n"));
      String weSay =
          report.problems().stream()
              .filter(problem -> problem.policyId().equals(id))
              .map(ValidationProblem::toString)
              .collect(Collectors.joining("\n"));
      return id + "\n" + schema + "\n" + policy + "\noracle: " + theySay + "\nours: " + weSay;
    }
  }

  private static Set<String> ids(Collection<ValidationProblem> problems) {
    return problems.stream()
        .map(ValidationProblem::policyId)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
