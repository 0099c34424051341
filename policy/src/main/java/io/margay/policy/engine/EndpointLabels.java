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
    List<Map<String, String>> layers = new ArrayList<>();
    layers.add(own(resource));
    for (String profile : profiles(resource)) {
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

  private static Map<String, String> own(Resource resource) {
    Map<String, String> own = new HashMap<>(resource.metadata().labels());
    switch (resource) {
      case Pod pod -> {
        // A pod must not be able to pose as one of another namespace or service account.
        own.keySet()
            .removeIf(key ->
                key.startsWith(CalicoLabels.NAMESPACE_PREFIX)
                    || key.startsWith(CalicoLabels.SERVICE_ACCOUNT_PREFIX));
        own.put(CalicoLabels.NAMESPACE, pod.metadata().namespace());
        own.put(CalicoLabels.ORCHESTRATOR, CalicoLabels.KUBERNETES);
        own.put(CalicoLabels.SERVICE_ACCOUNT, pod.spec().serviceAccountName());
      }
      case NetworkSet set -> own.put(CalicoLabels.NAMESPACE, set.metadata().namespace());
      default -> {}
    }
    return own;
  }
}
