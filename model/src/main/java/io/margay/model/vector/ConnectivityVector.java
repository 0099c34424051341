package io.margay.model.vector;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.ResourceKey;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A vector of the schema {@code connectivity/1}: a cluster, and steps that change it and say which
 * connections must then be allowed or denied.
 *
 * @param set the family that the vector belongs to: knp, cnp, calico, boutique or margay
 * @param doubtful why the expectation is open to dispute; null when it is not
 * @param start everything that exists before the first step, policies included
 */
public record ConnectivityVector(
    String name,
    String set,
    String description,
    List<String> features,
    @Nullable String doubtful,
    List<KubeObject> start,
    List<Step> steps) {
  public ConnectivityVector {
    features = List.copyOf(features);
    start = List.copyOf(start);
    steps = List.copyOf(steps);
  }

  /**
   * One step; steps build on each other.
   *
   * @param apply objects to create or replace, before anything is deleted
   * @param delete objects to remove; with a namespace goes everything in it
   */
  public record Step(
      String name,
      List<KubeObject> apply,
      List<ResourceKey> delete,
      List<Expectation> expect,
      List<ReachTable> tables) {
    public Step {
      apply = List.copyOf(apply);
      delete = List.copyOf(delete);
      expect = List.copyOf(expect);
      tables = List.copyOf(tables);
    }

    /** What is expected one by one, and every cell of the tables. */
    public Stream<Expectation> expectations() {
      return Stream.concat(expect.stream(), tables.stream().flatMap(ReachTable::expectations));
    }
  }
}
