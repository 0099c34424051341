package io.margay.model.manifest;

import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyAssertion;
import io.margay.model.resource.PolicyAssertion.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads the objects that are about policies. */
final class WorkbenchDecoder {
  private WorkbenchDecoder() {}

  static PolicyAssertion assertion(ObjectMeta metadata, Field spec) {
    List<Statement> statements = new ArrayList<>();
    for (Field item : spec.at("assertions").items()) {
      Statement statement = Statement.of(item.text());
      if (!statement.problem().isEmpty()) {
        item.problem(statement.problem(), "");
      }
      statements.add(statement);
    }
    return new PolicyAssertion(metadata, statements);
  }
}
