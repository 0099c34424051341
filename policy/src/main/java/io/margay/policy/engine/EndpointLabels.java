package io.margay.policy.engine;

import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.policy.convert.CalicoLabels;
import io.margay.policy.label.LayeredLabels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What selectors see of an endpoint or network set: its own labels and those of its profiles. */
public final class EndpointLabels {
  private EndpointLabels() {}

  /**
   * All labels.
   *
   * @param ofProfile the labels that a profile gives; none for one that does not exist
   */
  public static LayeredLabels of(
      Resource resource, Function<String, Map<String, String>> ofProfile) {
    return of(resource, profiles(resource), given(resource), ofProfile);
  }

  /**
   * All labels.
   *
   * @param profiles those of the resource
   * @param given what is {@link #given} to it, perhaps shared by all to whom the same is given
   */
  static LayeredLabels of(
      Resource resource,
      List<String> profiles,
      Map<String, String> given,
      Function<String, Map<String, String>> ofProfile) {
    List<Map<String, String>> layers = new ArrayList<>(4);
    if (!given.isEmpty()) {
      layers.add(given);
    }
    layers.add(own(resource));
    for (String profile : profiles) {
      layers.add(ofProfile.apply(profile));
    }
    return new LayeredLabels(layers);
  }

  static List<String> profiles(Resource resource) {
    String namespace = resource.metadata().namespace();
    return switch (resource) {
      case Pod pod ->
          List.of(
              CalicoLabels.namespaceProfile(namespace),
              CalicoLabels.serviceAccountProfile(namespace, pod.spec().serviceAccountName()));
      case HostEndpoint host -> host.spec().profiles();
      case NetworkSet _ -> List.of(CalicoLabels.namespaceProfile(namespace));
      default -> List.of();
    };
  }

  /** What Calico adds to an endpoint's own labels, above these. */
  static Map<String, String> given(Resource resource) {
    return switch (resource) {
      case Pod pod ->
          Map.of(
              CalicoLabels.NAMESPACE,
              pod.metadata().namespace(),
              CalicoLabels.ORCHESTRATOR,
              CalicoLabels.KUBERNETES,
              CalicoLabels.SERVICE_ACCOUNT,
              pod.spec().serviceAccountName());
      case NetworkSet set -> Map.of(CalicoLabels.NAMESPACE, set.metadata().namespace());
      default -> Map.of();
    };
  }

  /** The resource's own map wherever possible: a copy for each pod of a cluster would be much. */
  private static Map<String, String> own(Resource resource) {
    Map<String, String> labels = resource.metadata().labels();
    if (!(resource instanceof Pod)
        || labels.entrySet().stream().noneMatch(label -> inherited(label.getKey()))) {
      return labels;
    }
    // A pod must not be able to pose as one of another namespace or service account.
    Map<String, String> own = new HashMap<>(labels);
    own.keySet().removeIf(EndpointLabels::inherited);
    return own;
  }

  private static boolean inherited(String key) {
    return key.startsWith(CalicoLabels.NAMESPACE_PREFIX)
        || key.startsWith(CalicoLabels.SERVICE_ACCOUNT_PREFIX);
  }
}
