package io.margay.cedar.eval;

import io.margay.cedar.CedarError;
import io.margay.cedar.ast.PolicySet;
import java.util.List;

/** Says what is wrong with a policy set: strict validation against a schema, in most cases. */
@FunctionalInterface
public interface PolicyCheck {
  /** What is wrong; nothing for a set that may be used. */
  List<CedarError> problems(PolicySet policies);
}
