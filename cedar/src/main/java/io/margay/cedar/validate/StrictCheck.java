package io.margay.cedar.validate;

import io.margay.cedar.CedarError;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.eval.PolicyCheck;
import io.margay.cedar.schema.Schema;
import java.util.List;

/** Strict validation against a schema, as what a strict authorizer asks of its policies. */
public final class StrictCheck implements PolicyCheck {
  private final Validator validator;

  public StrictCheck(Schema schema) {
    validator = new Validator(schema);
  }

  @Override
  public List<CedarError> problems(PolicySet policies) {
    return validator.validate(policies, ValidationMode.STRICT).errors().stream()
        .map(ValidationProblem::asError)
        .toList();
  }
}
