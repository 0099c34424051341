package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.console.policies.StagedForm;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The staged policy that a command is about: {@code NAME}, or {@code KIND/NAME}. */
public final class StagedTarget {
  @Mixin private final NamespaceOption namespace = new NamespaceOption();

  @Parameters(
      arity = "1",
      paramLabel = "NAME",
      description =
          "A staged policy: its name, or KIND/NAME such as sgnp/web where several have the name.")
  private String name = "";

  /**
   * Looks it up.
   *
   * @throws CommandFailure if there is none, or more than one
   */
  public KubeObject find(ResourceStore store) {
    List<KubeObject> found = keys().flatMap(key -> store.get(key).stream()).toList();
    if (found.isEmpty()) {
      throw new CommandFailure(
          "there is no staged policy %s in namespace %s, nor for all of the cluster"
              .formatted(name, namespace.orDefault()));
    }
    if (found.size() > 1) {
      throw new CommandFailure(
          "%s is the name of %s: write KIND/NAME"
              .formatted(name, found.stream().map(KubeObject::key).toList()));
    }
    return found.getFirst();
  }

  private Stream<ResourceKey> keys() {
    if (name.indexOf('/') < 0) {
      return Stream.of(
              Kind.STAGED_NETWORK_POLICY,
              Kind.STAGED_KUBERNETES_NETWORK_POLICY,
              Kind.STAGED_GLOBAL_NETWORK_POLICY)
          .map(kind -> new ResourceKey(kind, kind.namespaced() ? namespace.orDefault() : "", name));
    }
    ResourceKey key = ResourceTarget.parse(List.of(name), namespace).objects().getFirst().key();
    if (StagedForm.enforcedKind(key.kind()).isEmpty()) {
      throw new CommandFailure(key + " is not staged: name a staged policy, such as snp/web");
    }
    return Stream.of(key);
  }
}
