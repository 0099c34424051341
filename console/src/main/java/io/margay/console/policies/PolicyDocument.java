package io.margay.console.policies;

import java.util.List;

/**
 * A policy as text.
 *
 * @param kind as flow records name it
 * @param namespace empty for cluster-wide kinds
 * @param tier empty for profiles and tiers
 * @param resourceVersion empty for what is implied and not stored
 * @param ingress the YAML of each rule, in the order that hits count
 */
public record PolicyDocument(
    String kind,
    String apiVersion,
    String namespace,
    String name,
    String tier,
    boolean staged,
    String yaml,
    String resourceVersion,
    List<String> ingress,
    List<String> egress) {
  public PolicyDocument {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }
}
