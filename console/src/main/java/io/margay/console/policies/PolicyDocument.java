package io.margay.console.policies;

import java.util.List;

/**
 * A policy as text.
 *
 * @param kind as flow records name it
 * @param namespace empty for cluster-wide kinds
 * @param tier empty for profiles
 * @param ingress the YAML of each rule, in the order that hits count
 */
public record PolicyDocument(
    String kind,
    String apiVersion,
    String namespace,
    String name,
    String tier,
    String yaml,
    List<String> ingress,
    List<String> egress) {
  public PolicyDocument {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }
}
