package io.margay.cedar.analyze;

import java.util.List;

/**
 * What an analysis of one policy set found.
 *
 * @param findings all of them proven
 * @param undecided policies about which the search gave up: nothing is claimed about them
 */
public record Analysis(List<Finding> findings, List<String> undecided) {
  public Analysis {
    findings = List.copyOf(findings);
    undecided = List.copyOf(undecided);
  }
}
