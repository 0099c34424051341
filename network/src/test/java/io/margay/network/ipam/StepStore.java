package io.margay.network.ipam;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The store as one actor of the model check sees it: operations that it has done before are
 * answered as they were then, and the first new one stops it with {@link Pause}.
 */
final class StepStore implements ResourceStore {
  /** Nobody writes these while the model runs, so reading them is no step. */
  private static final Set<Kind> CONSTANT =
      EnumSet.of(Kind.IP_POOL, Kind.IP_RESERVATION, Kind.IPAM_CONFIGURATION);

  /** One operation. */
  sealed interface Op {
    record Get(ResourceKey key) implements Op {}

    record List(Kind kind) implements Op {}

    record Create(KubeObject object) implements Op {}

    record Update(KubeObject object) implements Op {}

    record Delete(ResourceKey key, String version) implements Op {}
  }

  /** The actor has come to an operation that is not done yet. */
  static final class Pause extends RuntimeException {
    private static final long serialVersionUID = 1;
    final transient Op op;

    Pause(Op op) {
      super(null, null, false, false);
      this.op = op;
    }
  }

  /**
   * What is stored. Versions count the writes of one object, so that writes of different objects
   * lead to the same contents in either order.
   */
  record Contents(Map<ResourceKey, KubeObject> objects, Map<ResourceKey, Integer> writes) {

    /** What an operation leads to. */
    record Done(Contents after, Object answer) {}

    Done apply(Op op) {
      return switch (op) {
        case Op.Get(ResourceKey key) -> new Done(this, Optional.ofNullable(objects.get(key)));
        case Op.List(Kind kind) ->
            new Done(this, objects.values().stream().filter(o -> o.kind() == kind).toList());
        case Op.Create(KubeObject object) ->
            objects.containsKey(object.key())
                ? new Done(this, StoreException.Reason.ALREADY_EXISTS)
                : put(object);
        case Op.Update(KubeObject object) -> {
          StoreException.Reason refusal = refusal(object.key(), object.resourceVersion());
          yield refusal == null ? put(object) : new Done(this, refusal);
        }
        case Op.Delete(ResourceKey key, String version) -> {
          StoreException.Reason refusal = refusal(key, version);
          yield refusal == null ? remove(key) : new Done(this, refusal);
        }
      };
    }

    private StoreException.@Nullable Reason refusal(ResourceKey key, String version) {
      KubeObject stored = objects.get(key);
      if (stored == null) {
        return StoreException.Reason.NOT_FOUND;
      }
      return stored.resourceVersion().equals(version) ? null : StoreException.Reason.CONFLICT;
    }

    private Done put(KubeObject object) {
      Map<ResourceKey, Integer> counts = new TreeMap<>(writes);
      int version = counts.merge(object.key(), 1, Integer::sum);
      KubeObject written = new KubeObject(object.kind(), object.json().deepCopy());
      written.json().withObjectProperty("metadata").put("resourceVersion", "" + version);
      Map<ResourceKey, KubeObject> after = new TreeMap<>(objects);
      after.put(object.key(), written);
      return new Done(new Contents(after, counts), written);
    }

    private Done remove(ResourceKey key) {
      Map<ResourceKey, KubeObject> after = new TreeMap<>(objects);
      KubeObject last = after.remove(key);
      Map<ResourceKey, Integer> counts = new TreeMap<>(writes);
      counts.merge(key, 1, Integer::sum);
      return new Done(new Contents(after, counts), Objects.requireNonNull(last));
    }
  }

  private final Contents constant;
  private final List<Object> answers;
  private int next;

  StepStore(Contents constant, List<Object> answers) {
    this.constant = constant;
    this.answers = answers;
  }

  private Object answer(Op op) {
    if (next == answers.size()) {
      throw new Pause(op);
    }
    return answers.get(next++);
  }

  private KubeObject written(Op op) {
    Object answer = answer(op);
    if (answer instanceof StoreException.Reason reason) {
      throw new StoreException(reason, reason.toString());
    }
    return (KubeObject) answer;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Optional<KubeObject> get(ResourceKey key) {
    return (Optional<KubeObject>) answer(new Op.Get(key));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Listing list(Kind kind, String namespace) {
    Op op = new Op.List(kind);
    Object items = CONSTANT.contains(kind) ? constant.apply(op).answer() : answer(op);
    return new Listing((List<KubeObject>) items, 0);
  }

  @Override
  public KubeObject create(KubeObject object) {
    return written(new Op.Create(object));
  }

  @Override
  public KubeObject update(KubeObject object) {
    return written(new Op.Update(object));
  }

  @Override
  public KubeObject delete(ResourceKey key, String resourceVersion) {
    return written(new Op.Delete(key, resourceVersion));
  }

  @Override
  public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
