package io.margay.cedar.eval;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Decision.Verdict;
import java.util.List;

/**
 * Decides requests and fails closed, where Cedar fails open: a policy set that does not pass a
 * check is refused, and a policy in error denies, since it may be a forbid. Immutable.
 */
public final class StrictAuthorizer {
  private final Authorizer authorizer;

  private StrictAuthorizer(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /**
   * Compiles a policy set that passes a check.
   *
   * @throws CedarParseException with everything that is wrong with it
   */
  public static StrictAuthorizer of(PolicySet policies, PolicyCheck check) {
    List<CedarError> problems = check.problems(policies);
    if (!problems.isEmpty()) {
      throw new CedarParseException(problems);
    }
    return new StrictAuthorizer(Authorizer.of(policies));
  }

  /** Decides a request; denies when a policy is in error, and gives its id as a reason. */
  public Decision decide(Request request, Entities entities) {
    return failClosed(authorizer.decide(request, entities));
  }

  /**
   * As {@link Authorizer#decide(Request, Entities, boolean)}, denying when a policy is in error.
   */
  public Decision decide(Request request, Entities entities, boolean noteReads) {
    return failClosed(authorizer.decide(request, entities, noteReads));
  }

  private static Decision failClosed(Decision decision) {
    boolean forbidden = !decision.isAllowed() && !decision.reasons().isEmpty();
    if (decision.errors().isEmpty() || forbidden) {
      return decision;
    }
    return new Decision(
        Verdict.DENY,
        decision.errors().stream().map(PolicyError::policyId).toList(),
        decision.errors(),
        decision.policySetHash(),
        decision.reads());
  }

  public PolicySet policies() {
    return authorizer.policies();
  }

  /** Names the policy set by its contents: SHA-256 in hexadecimal digits. */
  public String policySetHash() {
    return authorizer.policySetHash();
  }
}
