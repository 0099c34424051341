package io.margay.network.ipam;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.resource.IpPool;
import io.margay.store.ResourceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces a pool by smaller ones of equal size that together have its addresses and all else that
 * it says. Blocks stay as they are, and with them every address that somebody has.
 *
 * <p>The parts are made first. As long as the old pool is there, only it is used, since it is older
 * than what overlaps it; when it goes, the parts take over. So there is no moment without a pool,
 * and who stops in between can do it again.
 */
public final class PoolSplit {
  private static final int MOST_PARTS = 1024;
  private static final int LONGEST_NAME = 253;

  private final KubeObject old;
  private final List<KubeObject> parts;

  private PoolSplit(KubeObject old, List<KubeObject> parts) {
    this.old = old;
    this.parts = List.copyOf(parts);
  }

  /**
   * Cuts a pool. Nothing is written.
   *
   * @param count a power of 2
   * @throws IllegalArgumentException with a message fit for a user
   */
  public static PoolSplit of(KubeObject object, int count) {
    Decoded decoded = ResourceDecoder.decode(object);
    if (!decoded.problems().isEmpty()) {
      throw new IllegalArgumentException(decoded.problems().getFirst().toString());
    }
    if (count < 2 || count > MOST_PARTS || Integer.bitCount(count) != 1) {
      throw new IllegalArgumentException(
          count + " parts: write a power of 2 from 2 to " + MOST_PARTS);
    }
    IpPool pool = (IpPool) decoded.resource();
    Cidr cidr = PoolChoice.cidr(pool);
    int prefix = cidr.prefixLength() + Integer.numberOfTrailingZeros(count);
    if (prefix > pool.spec().blockSize()) {
      throw new IllegalArgumentException(
          object.key()
              + " has only "
              + PoolChoice.blocks(pool).count()
              + " blocks, too few for "
              + count
              + " parts");
    }
    BlockRange ranges = new BlockRange(cidr, prefix);
    List<KubeObject> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(part(object, i, ranges.block(i)));
    }
    return new PoolSplit(object, parts);
  }

  private static KubeObject part(KubeObject pool, int index, Cidr cidr) {
    ObjectNode json = pool.json().deepCopy();
    json.remove("status");
    ObjectNode metadata = json.putObject("metadata");
    String end = "-" + index;
    String name = "split-" + pool.name();
    metadata.put("name", name.substring(0, Math.min(name.length(), LONGEST_NAME - 5)) + end);
    for (String kept : List.of("labels", "annotations")) {
      if (pool.json().path("metadata").path(kept) instanceof ObjectNode texts) {
        ObjectNode copy = texts.deepCopy();
        // What kubectl last applied was the old pool.
        copy.remove("kubectl.kubernetes.io/last-applied-configuration");
        metadata.set(kept, copy);
      }
    }
    json.withObjectProperty("spec").put("cidr", cidr.toString());
    return new KubeObject(pool.kind(), json);
  }

  /** The pools that take the old one's place. */
  public List<KubeObject> parts() {
    return parts;
  }

  /**
   * Makes the parts and removes the old pool, if it is still as it was read.
   *
   * @throws IllegalStateException if there is another pool of a part's name; nothing is written
   *     then
   */
  public void write(ResourceStore store) {
    List<KubeObject> missing = new ArrayList<>();
    for (KubeObject part : parts) {
      Optional<KubeObject> there = store.get(part.key());
      if (there.isEmpty()) {
        missing.add(part);
      } else if (!cidr(there.get()).equals(cidr(part))) {
        throw new IllegalStateException(
            part.key() + " exists and has other addresses: " + cidr(there.get()));
      }
    }
    missing.forEach(store::create);
    store.delete(old.key(), old.resourceVersion());
  }

  private static String cidr(KubeObject pool) {
    return pool.json().at("/spec/cidr").asText();
  }
}
