package io.margay.cedar.eval;

import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;
import java.util.Optional;

/**
 * An attribute or tag that a decision looked at.
 *
 * @param entity whose it is; empty for the context
 * @param name of the attribute or tag
 * @param tag whether it is a tag
 * @param value what was there; empty when nothing was
 */
public record AttributeRead(
    Optional<EntityUid> entity, String name, boolean tag, Optional<Value> value) {}
