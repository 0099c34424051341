package io.margay.network.ipam;

import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.resource.BlockAffinity;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.IpamHandle;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Blocks, affinities and handles in the store. Every write is a compare-and-swap: it answers null
 * or false if the object is not as it was read, and then nothing has happened.
 *
 * <p>Objects that Calico has marked as deleted and not yet removed are read as absent.
 */
final class IpamStore {
  private final ResourceStore store;

  IpamStore(ResourceStore store) {
    this.store = store;
  }

  /**
   * Objects of a kind that can be used.
   *
   * @param problems receives what is wrong with the others
   */
  <R extends Resource> List<R> list(Kind kind, Class<R> type, Collection<String> problems) {
    List<R> found = new ArrayList<>();
    for (KubeObject object : store.list(kind, "").items()) {
      Decoded decoded = ResourceDecoder.decode(object);
      decoded.problems().forEach(problem -> problems.add(problem.toString()));
      if (decoded.problems().isEmpty() && !isDeleted(object)) {
        found.add(type.cast(decoded.resource()));
      }
    }
    return found;
  }

  /** The names of all blocks, readable or not. */
  Set<String> blockNames() {
    return store.list(Kind.IPAM_BLOCK, "").items().stream()
        .filter(object -> !isDeleted(object))
        .map(KubeObject::name)
        .collect(Collectors.toSet());
  }

  /** An owner's affinities in every state, by block. Unreadable ones are nobody's. */
  List<BlockAffinity> affinities(BlockOwner owner) {
    List<BlockAffinity> found = new ArrayList<>();
    for (KubeObject object : store.list(Kind.BLOCK_AFFINITY, "").items()) {
      // Looked at before it is decoded: there are as many as all nodes together have blocks.
      if (object.json().path("spec").path("node").asText().equals(owner.name())) {
        Decoded decoded = ResourceDecoder.decode(object);
        if (decoded.problems().isEmpty()
            && !isDeleted(object)
            && decoded.resource() instanceof BlockAffinity affinity
            && affinity.spec().owner().equals(owner)) {
          found.add(affinity);
        }
      }
    }
    return found;
  }

  Optional<BlockAffinity> affinity(BlockOwner owner, Cidr block) {
    return this.<BlockAffinity>get(Kind.BLOCK_AFFINITY, IpamObjects.name(owner, block))
        .filter(a -> a.spec().owner().equals(owner) && block.equals(a.spec().cidr()));
  }

  /**
   * A block.
   *
   * @throws DamagedBlockException if it cannot be read whole: nobody may touch it
   */
  Optional<IpamBlock> block(Cidr cidr) {
    return get(Kind.IPAM_BLOCK, IpamObjects.name(cidr));
  }

  Optional<IpamHandle> handle(String handle) {
    Optional<IpamHandle> found = get(Kind.IPAM_HANDLE, IpamObjects.name(handle));
    found
        .filter(h -> !h.spec().handle().equals(handle))
        .ifPresent(h -> {
          throw new IllegalArgumentException(
              "handle " + handle + " has the same object name as " + h.spec().handle());
        });
    return found;
  }

  private <R extends Resource> Optional<R> get(Kind kind, String name) {
    return store.get(new ResourceKey(kind, "", name)).flatMap(this::decode);
  }

  @SuppressWarnings("unchecked") // The decoder gives the record of the object's kind.
  private <R extends Resource> Optional<R> decode(KubeObject object) {
    if (isDeleted(object)) {
      return Optional.empty();
    }
    Decoded decoded = ResourceDecoder.decode(object);
    if (!decoded.problems().isEmpty()) {
      throw new DamagedBlockException(decoded.problems().getFirst());
    }
    return Optional.of((R) decoded.resource());
  }

  private static boolean isDeleted(KubeObject object) {
    return object.json().path("spec").path("deleted").asBoolean();
  }

  @Nullable BlockAffinity create(BlockAffinity affinity) {
    return written(affinity, () -> store.create(IpamObjects.of(affinity)));
  }

  @Nullable BlockAffinity update(BlockAffinity affinity) {
    return written(affinity, () -> store.update(IpamObjects.of(affinity)));
  }

  @Nullable IpamBlock create(IpamBlock block) {
    return written(block, () -> store.create(IpamObjects.of(block)));
  }

  @Nullable IpamBlock update(IpamBlock block) {
    return written(block, () -> store.update(IpamObjects.of(block)));
  }

  @Nullable IpamHandle create(IpamHandle handle) {
    return written(handle, () -> store.create(IpamObjects.of(handle)));
  }

  @Nullable IpamHandle update(IpamHandle handle) {
    return written(handle, () -> store.update(IpamObjects.of(handle)));
  }

  /** Removes an object as it was read; true also if it is gone already. */
  boolean delete(Resource resource) {
    try {
      store.delete(resource.key(), resource.metadata().resourceVersion());
      return true;
    } catch (StoreException e) {
      return switch (e.reason()) {
        case NOT_FOUND -> true;
        case CONFLICT -> false;
        case ALREADY_EXISTS, INVALID, FORBIDDEN, EXPIRED, UNAVAILABLE -> throw e;
      };
    }
  }

  /** Writes, after removing a namesake that Calico has marked as deleted. */
  @SuppressWarnings("unchecked") // What was written comes back.
  private <R extends Resource> @Nullable R written(R resource, Supplier<KubeObject> write) {
    try {
      return (R) ResourceDecoder.decode(write.get()).resource();
    } catch (StoreException e) {
      if (e.reason() == Reason.ALREADY_EXISTS) {
        store
            .get(resource.key())
            .filter(IpamStore::isDeleted)
            .ifPresent(old -> delete(ResourceDecoder.decode(old).resource()));
        return null;
      }
      if (e.reason() == Reason.CONFLICT || e.reason() == Reason.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }
}
