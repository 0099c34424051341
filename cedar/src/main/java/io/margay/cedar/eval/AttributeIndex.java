package io.margay.cedar.eval;

import io.margay.cedar.ast.Variable;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.persistent.ShardedMap;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.Value;
import org.jspecify.annotations.Nullable;

/**
 * Policies that ask first whether an attribute has a value, by the value.
 *
 * @param variable the principal, the resource or the context
 */
record AttributeIndex(Variable variable, String attribute, ShardedMap<Value, Bucket> byValue) {

  AttributeIndex with(Value value, @Nullable Bucket bucket) {
    return new AttributeIndex(variable, attribute, byValue.with(value, bucket));
  }

  void evaluate(Frame frame) {
    Value value = valueIn(frame);
    if (value == null) {
      // Each of the policies is in error if its scope fits.
      byValue.forEach((_, bucket) -> bucket.evaluate(frame));
      return;
    }
    Bucket bucket = byValue.get(value);
    if (bucket != null) {
      bucket.evaluate(frame);
    }
  }

  private @Nullable Value valueIn(Frame frame) {
    return switch (variable) {
      case PRINCIPAL -> ofEntity(frame, frame.principal, frame.principalEntity);
      case RESOURCE -> ofEntity(frame, frame.resource, frame.resourceEntity);
      case ACTION -> ofEntity(frame, frame.action, frame.actionEntity);
      case CONTEXT -> {
        Value value = frame.context.get(attribute);
        frame.noteContext(attribute, value);
        yield value;
      }
    };
  }

  private @Nullable Value ofEntity(Frame frame, EntityUid uid, @Nullable StoredEntity entity) {
    RecordValue attributes = entity == null ? RecordValue.EMPTY : entity.entity().attributes();
    Value value = attributes.get(attribute);
    frame.noteAttribute(uid, attribute, value);
    return value;
  }
}
