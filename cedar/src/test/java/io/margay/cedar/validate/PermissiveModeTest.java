package io.margay.cedar.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The official binding has no permissive mode to compare with; strict mode bounds it. */
class PermissiveModeTest {

  @Test
  void whatPassesStrictlyPassesPermissively() {
    int mixed = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Schema schema = Schema.parse(new SourceText("schema", new RandomSchemas(random).next()));
      RandomPolicies generator = new RandomPolicies(random, schema);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 30; i++) {
        text.append(generator.next());
      }
      PolicySet policies = CedarParser.policySet(new SourceText("policies", text.toString()));
      Set<String> strict = refused(schema, policies, ValidationMode.STRICT);
      Set<String> permissive = refused(schema, policies, ValidationMode.PERMISSIVE);

      assertThat(strict).as(() -> text.toString()).containsAll(permissive);
      mixed += strict.size() - permissive.size();
    }
    assertThat(mixed).isPositive();
  }

  private static Set<String> refused(Schema schema, PolicySet policies, ValidationMode mode) {
    return new Validator(schema)
        .validate(policies, mode).errors().stream()
            .map(ValidationProblem::policyId)
            .collect(Collectors.toSet());
  }
}
