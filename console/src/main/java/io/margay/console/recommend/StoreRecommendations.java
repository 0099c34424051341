package io.margay.console.recommend;

import io.margay.flows.directory.EndpointDirectory;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.recommend.Addresses;
import io.margay.store.ResourceStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a recommender must know of a store. */
public final class StoreRecommendations {
  private StoreRecommendations() {}

  /** The policies that were recommended before, or enforced since, among others. */
  public static Map<ResourceKey, KubeObject> existing(ResourceStore store) {
    return Stream.of(
            Kind.STAGED_NETWORK_POLICY,
            Kind.NETWORK_POLICY,
            Kind.STAGED_GLOBAL_NETWORK_POLICY,
            Kind.GLOBAL_NETWORK_POLICY)
        .flatMap(kind -> store.list(kind, "").items().stream())
        .collect(Collectors.toMap(KubeObject::key, object -> object));
  }

  /** What is private, and where pods are, as IPPools say. */
  public static Addresses addresses(ResourceStore store) {
    List<Cidr> podNets =
        store.list(Kind.IP_POOL, "").items().stream()
            .map(object -> ResourceDecoder.decode(object).resource())
            .filter(IpPool.class::isInstance)
            .map(pool -> ((IpPool) pool).spec())
            .filter(pool -> pool.allowedUses().contains(IpPool.Use.WORKLOAD))
            .map(IpPool.Spec::cidr)
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    return new Addresses(EndpointDirectory.PRIVATE_NETS, podNets);
  }
}
