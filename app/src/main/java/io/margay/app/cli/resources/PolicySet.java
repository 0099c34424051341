package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A set of policies, with the tiers, network sets and profiles that belong to them. */
public record PolicySet(List<Resource> resources) {
  private static final Set<Kind> KINDS =
      EnumSet.of(
          Kind.KUBERNETES_NETWORK_POLICY,
          Kind.CLUSTER_NETWORK_POLICY,
          Kind.NETWORK_POLICY,
          Kind.GLOBAL_NETWORK_POLICY,
          Kind.STAGED_NETWORK_POLICY,
          Kind.STAGED_GLOBAL_NETWORK_POLICY,
          Kind.STAGED_KUBERNETES_NETWORK_POLICY,
          Kind.TIER,
          Kind.NETWORK_SET,
          Kind.GLOBAL_NETWORK_SET,
          Kind.PROFILE);

  public PolicySet {
    resources = List.copyOf(resources);
  }

  /**
   * Reads a file, or a folder with all that is below it.
   *
   * @throws CommandFailure with everything that is wrong in it
   */
  public static PolicySet read(Path path) throws IOException {
    List<Resource> resources = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (KubeObject object : ResourceWriter.ordered(InputOptions.read(path))) {
      if (KINDS.contains(object.kind())) {
        resources.add(ResourceDecoder.decode(object).resource());
      } else {
        wrong.add(
            ResourceWriter.name(object.key())
                + " is no policy, tier, network set or profile: give the cluster with --from");
      }
    }
    if (!wrong.isEmpty()) {
      throw CommandFailure.ofLines(wrong);
    }
    return new PolicySet(resources);
  }

  /** A cluster with these policies instead of its own. */
  public Map<ResourceKey, Resource> in(Map<ResourceKey, Resource> cluster) {
    Map<ResourceKey, Resource> all = new TreeMap<>(cluster);
    all.keySet().removeIf(key -> KINDS.contains(key.kind()));
    resources.forEach(resource -> all.put(resource.key(), resource));
    return all;
  }
}
