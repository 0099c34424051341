package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.Node;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.ServiceAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change of a cluster that is only thought of. Pods, nodes, namespaces and service accounts come
 * and go by themselves: of those it takes the labels only.
 *
 * @param changed resources as they are to be
 * @param deleted resources that are to go
 */
public record PlannedChange(List<Resource> changed, List<ResourceKey> deleted) {
  private static final Set<Kind> LABELS_ONLY =
      Set.of(Kind.POD, Kind.NODE, Kind.NAMESPACE, Kind.SERVICE_ACCOUNT);
  private static final Set<Kind> STAGED =
      Set.of(
          Kind.STAGED_NETWORK_POLICY,
          Kind.STAGED_GLOBAL_NETWORK_POLICY,
          Kind.STAGED_KUBERNETES_NETWORK_POLICY);

  public PlannedChange {
    changed = List.copyOf(changed);
    deleted = List.copyOf(deleted);
  }

  /**
   * Whether it is about staged policies only, so that no verdict changes before they are enforced.
   */
  public boolean staged() {
    return changed.stream().allMatch(resource -> STAGED.contains(resource.kind()))
        && deleted.stream().allMatch(key -> STAGED.contains(key.kind()));
  }

  /**
   * The cluster after the change.
   *
   * @throws CommandFailure with everything that cannot be done
   */
  public Map<ResourceKey, Resource> applyTo(Map<ResourceKey, Resource> before) {
    Map<ResourceKey, Resource> after = new TreeMap<>(before);
    List<String> wrong = new ArrayList<>();
    for (Resource resource : changed) {
      Resource wanted = wanted(resource, before.get(resource.key()));
      if (wanted == null) {
        wrong.add(
            ResourceWriter.name(resource.key())
                + " does not exist: a preview can change its labels, but not create it");
      } else {
        after.put(wanted.key(), wanted);
      }
    }
    for (ResourceKey key : deleted) {
      String name = ResourceWriter.name(key);
      if (LABELS_ONLY.contains(key.kind())) {
        wrong.add(name + ": only policies, tiers, sets, profiles and hosts can be deleted here");
      } else if (changed.stream().anyMatch(resource -> resource.key().equals(key))) {
        wrong.add(name + " is both in a file and deleted: leave one of them out");
      } else if (after.remove(key) == null) {
        wrong.add(name + " does not exist, so it cannot be deleted");
      }
    }
    if (!wrong.isEmpty()) {
      throw CommandFailure.ofLines(wrong);
    }
    return after;
  }

  private static @Nullable Resource wanted(Resource resource, @Nullable Resource now) {
    if (!LABELS_ONLY.contains(resource.kind())) {
      return resource;
    }
    Map<String, String> labels = resource.metadata().labels();
    return switch (now) {
      case Pod pod -> new Pod(labelled(pod.metadata(), labels), pod.spec(), pod.status());
      case Node node -> new Node(labelled(node.metadata(), labels), node.spec(), node.status());
      case Namespace namespace -> new Namespace(labelled(namespace.metadata(), labels));
      case ServiceAccount account -> new ServiceAccount(labelled(account.metadata(), labels));
      case null, default -> null;
    };
  }

  private static ObjectMeta labelled(ObjectMeta meta, Map<String, String> labels) {
    return new ObjectMeta(
        meta.name(),
        meta.namespace(),
        meta.generateName(),
        labels,
        meta.annotations(),
        meta.uid(),
        meta.resourceVersion(),
        meta.generation(),
        meta.creationTimestamp(),
        meta.deletionTimestamp());
  }

  /** What it does, a line for each resource, such as {@code update networkpolicy shop/db}. */
  public List<String> statements(Map<ResourceKey, Resource> before) {
    List<String> lines = new ArrayList<>();
    for (Resource resource : changed) {
      String verb = before.containsKey(resource.key()) ? "update " : "create ";
      lines.add(verb + ResourceWriter.name(resource.key()));
    }
    deleted.forEach(key -> lines.add("delete " + ResourceWriter.name(key)));
    return lines;
  }
}
