package io.margay.network.ipam;

import io.margay.model.manifest.KubeObject;
import io.margay.model.net.Cidr;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamHandle;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the blocks say, compared with pods, nodes and services, and with affinities and handles.
 *
 * @param at when the blocks were read
 * @param held how many addresses are allocated, without those that cool down
 * @param problems of objects that cannot be read: what they hold was not checked
 */
public record IpamCheck(Instant at, long held, List<Finding> findings, List<String> problems) {
  public IpamCheck {
    findings = List.copyOf(findings);
    problems = List.copyOf(problems);
  }

  /** What is stored, read once. */
  record Snapshot(
      List<IpPool> pools,
      List<IpamBlock> blocks,
      List<BlockAffinity> affinities,
      List<IpamHandle> handles,
      Map<ResourceKey, KubeObject> users) {

    /**
     * Blocks are read before those who use their addresses: who was given an address before that is
     * still there, or is gone.
     */
    static Snapshot read(ResourceStore resources, Collection<String> problems) {
      IpamStore store = new IpamStore(resources);
      List<IpamBlock> blocks = store.list(Kind.IPAM_BLOCK, IpamBlock.class, problems);
      List<BlockAffinity> affinities =
          store.list(Kind.BLOCK_AFFINITY, BlockAffinity.class, problems);
      List<IpamHandle> handles = store.list(Kind.IPAM_HANDLE, IpamHandle.class, problems);
      Map<ResourceKey, KubeObject> users = new HashMap<>();
      for (Kind kind : List.of(Kind.POD, Kind.NODE, Kind.SERVICE)) {
        resources.list(kind, "").items().forEach(object -> users.put(object.key(), object));
      }
      List<IpPool> pools = store.list(Kind.IP_POOL, IpPool.class, problems);
      return new Snapshot(pools, blocks, affinities, handles, users);
    }

    AddressHolders holders() {
      return new AddressHolders(key -> Optional.ofNullable(users.get(key)));
    }
  }

  /** Reads a store once and compares. What changes meanwhile can look wrong: look again then. */
  public static IpamCheck of(ResourceStore resources, InstantSource clock) {
    Instant at = clock.instant();
    List<String> problems = new ArrayList<>();
    Snapshot snapshot = Snapshot.read(resources, problems);
    List<Finding> findings = new ArrayList<>(new AddressFindings(snapshot).all());
    findings.addAll(IndexFindings.of(snapshot));
    long held =
        snapshot.blocks().stream()
            .flatMap(block -> block.spec().allocations().values().stream())
            .filter(IpamBlock.Allocation::isHeld)
            .count();
    return new IpamCheck(at, held, findings, problems);
  }

  static Cidr cidr(IpamBlock block) {
    return Objects.requireNonNull(block.spec().cidr(), "the decoder refuses others");
  }

  /** The addresses that nobody has. */
  public List<Finding.Leak> leaks() {
    return findings.stream().map(Finding::leak).filter(Objects::nonNull).toList();
  }

  /** Whether anything is wrong. */
  public boolean isWrong() {
    return findings.stream().anyMatch(finding -> finding.fault().isWrong());
  }
}
