package io.margay.network.ipam;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.StepStore.Contents;
import io.margay.network.ipam.StepStore.Op;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.util.List;
import java.util.Optional;

/** A store that goes on from one state of the model check. */
final class ContentsStore implements ResourceStore {
  private Contents contents;

  ContentsStore(Contents contents) {
    this.contents = contents;
  }

  private Object apply(Op op) {
    Contents.Done done = contents.apply(op);
    contents = done.after();
    if (done.answer() instanceof StoreException.Reason reason) {
      throw new StoreException(reason, reason.toString());
    }
    return done.answer();
  }

  @Override
  @SuppressWarnings("unchecked")
  public Optional<KubeObject> get(ResourceKey key) {
    return (Optional<KubeObject>) apply(new Op.Get(key));
  }

  @Override
  @SuppressWarnings("unchecked")
  public Listing list(Kind kind, String namespace) {
    return new Listing((List<KubeObject>) apply(new Op.List(kind)), 0);
  }

  @Override
  public KubeObject create(KubeObject object) {
    return (KubeObject) apply(new Op.Create(object));
  }

  @Override
  public KubeObject update(KubeObject object) {
    return (KubeObject) apply(new Op.Update(object));
  }

  @Override
  public KubeObject delete(ResourceKey key, String resourceVersion) {
    return (KubeObject) apply(new Op.Delete(key, resourceVersion));
  }

  @Override
  public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
