package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import io.margay.store.ResourceStore.ChangeType;
import org.jspecify.annotations.Nullable;

/**
 * One committed write.
 *
 * @param object the new state; of a deleted object its last state, carrying the deletion's version
 * @param previous the state before; null for a created object
 * @param version the resource version that the write was given
 */
public record Change(
    ChangeType type, KubeObject object, @Nullable KubeObject previous, long version) {}
