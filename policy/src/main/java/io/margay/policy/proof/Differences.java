package io.margay.policy.proof;

import io.margay.model.assertion.Expectation;
import java.util.List;

/**
 * How two states differ.
 *
 * @param all none if they judge every packet alike
 * @param missed expectations of which nothing happens
 */
public record Differences(List<Difference> all, List<Expectation> missed) {
  public Differences {
    all = List.copyOf(all);
    missed = List.copyOf(missed);
  }
}
