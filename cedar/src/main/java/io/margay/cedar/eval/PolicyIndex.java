package io.margay.cedar.eval;

import io.margay.cedar.ast.Variable;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.entity.UidSet;
import io.margay.cedar.eval.IndexKey.HasValue;
import io.margay.cedar.eval.IndexKey.InEntity;
import io.margay.cedar.eval.IndexKey.OfType;
import io.margay.cedar.persistent.ShardedMap;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the policies that can matter for a request. Each policy is in one bucket, that of its
 * rarest key; a request looks up what its principal and its resource are and are in, their types,
 * and the attributes that policies ask for first. Immutable.
 */
final class PolicyIndex {
  private final ShardedMap<EntityUid, Bucket> principals;
  private final ShardedMap<EntityUid, Bucket> resources;
  private final ShardedMap<EntityType, Bucket> principalTypes;
  private final ShardedMap<EntityType, Bucket> resourceTypes;
  private final List<AttributeIndex> attributes;
  private final Bucket rest;

  private PolicyIndex(
      ShardedMap<EntityUid, Bucket> principals,
      ShardedMap<EntityUid, Bucket> resources,
      ShardedMap<EntityType, Bucket> principalTypes,
      ShardedMap<EntityType, Bucket> resourceTypes,
      List<AttributeIndex> attributes,
      Bucket rest) {
    this.principals = principals;
    this.resources = resources;
    this.principalTypes = principalTypes;
    this.resourceTypes = resourceTypes;
    this.attributes = List.copyOf(attributes);
    this.rest = rest;
  }

  /**
   * An index of policies.
   *
   * @param placed each policy with the key that it is to be found by
   */
  static PolicyIndex of(Map<CompiledPolicy, IndexKey> placed) {
    Map<IndexKey, List<CompiledPolicy>> lists = new HashMap<>();
    placed.forEach((policy, key) -> lists.computeIfAbsent(key, _ -> new ArrayList<>()).add(policy));
    Map<EntityUid, Bucket> principals = new HashMap<>();
    Map<EntityUid, Bucket> resources = new HashMap<>();
    Map<EntityType, Bucket> principalTypes = new HashMap<>();
    Map<EntityType, Bucket> resourceTypes = new HashMap<>();
    List<AttributeIndex> attributes = new ArrayList<>();
    Bucket rest = Bucket.EMPTY;
    Map<HasValue, Map<Value, Bucket>> byAttribute = new HashMap<>();
    for (Map.Entry<IndexKey, List<CompiledPolicy>> entry : lists.entrySet()) {
      Bucket bucket = Bucket.of(entry.getValue());
      switch (entry.getKey()) {
        case InEntity(Variable variable, EntityUid uid) ->
            (variable == Variable.PRINCIPAL ? principals : resources).put(uid, bucket);
        case OfType(Variable variable, EntityType type) ->
            (variable == Variable.PRINCIPAL ? principalTypes : resourceTypes).put(type, bucket);
        case HasValue key ->
            byAttribute.computeIfAbsent(group(key), _ -> new HashMap<>()).put(key.value(), bucket);
        case IndexKey.Anything _ -> rest = bucket;
      }
    }
    byAttribute.forEach((key, byValue) ->
        attributes.add(
            new AttributeIndex(key.variable(), key.attribute(), ShardedMap.of(byValue))));
    return new PolicyIndex(
        ShardedMap.of(principals),
        ShardedMap.of(resources),
        ShardedMap.of(principalTypes),
        ShardedMap.of(resourceTypes),
        attributes,
        rest);
  }

  /** The key without its value. */
  private static HasValue group(HasValue key) {
    return new HasValue(key.variable(), key.attribute(), BoolValue.TRUE);
  }

  /** Evaluates every policy that can be satisfied or in error, each once. */
  void evaluate(Frame frame) {
    rest.evaluate(frame);
    evaluate(frame, principals, frame.principal, frame.principalEntity);
    evaluate(frame, resources, frame.resource, frame.resourceEntity);
    evaluate(frame, principalTypes.get(frame.principal.type()));
    evaluate(frame, resourceTypes.get(frame.resource.type()));
    for (int i = 0; i < attributes.size(); i++) {
      attributes.get(i).evaluate(frame);
    }
  }

  private static void evaluate(
      Frame frame,
      ShardedMap<EntityUid, Bucket> buckets,
      EntityUid uid,
      @Nullable StoredEntity entity) {
    if (buckets.isEmpty()) {
      return;
    }
    evaluate(frame, buckets.get(uid));
    if (entity != null) {
      UidSet ancestors = entity.ancestors();
      for (int i = 0; i < ancestors.places(); i++) {
        EntityUid ancestor = ancestors.at(i);
        if (ancestor != null) {
          evaluate(frame, buckets.get(ancestor));
        }
      }
    }
  }

  private static void evaluate(Frame frame, @Nullable Bucket bucket) {
    if (bucket != null) {
      bucket.evaluate(frame);
    }
  }

  /** How many policies are found by a key. */
  int size(IndexKey key) {
    Bucket bucket = find(key);
    return bucket == null ? 0 : bucket.size();
  }

  private @Nullable Bucket find(IndexKey key) {
    return switch (key) {
      case InEntity(Variable variable, EntityUid uid) ->
          (variable == Variable.PRINCIPAL ? principals : resources).get(uid);
      case OfType(Variable variable, EntityType type) ->
          (variable == Variable.PRINCIPAL ? principalTypes : resourceTypes).get(type);
      case HasValue value -> {
        int place = place(value);
        yield place < 0 ? null : attributes.get(place).byValue().get(value.value());
      }
      case IndexKey.Anything _ -> rest;
    };
  }

  private int place(HasValue key) {
    for (int i = 0; i < attributes.size(); i++) {
      AttributeIndex index = attributes.get(i);
      if (index.variable() == key.variable() && index.attribute().equals(key.attribute())) {
        return i;
      }
    }
    return -1;
  }

  PolicyIndex with(CompiledPolicy policy, IndexKey key) {
    Bucket bucket = find(key);
    return replaced(key, (bucket == null ? Bucket.EMPTY : bucket).with(policy));
  }

  PolicyIndex without(CompiledPolicy policy, IndexKey key) {
    Bucket bucket = find(key);
    return bucket == null ? this : replaced(key, bucket.without(policy));
  }

  private PolicyIndex replaced(IndexKey key, @Nullable Bucket bucket) {
    ShardedMap<EntityUid, Bucket> newPrincipals = principals;
    ShardedMap<EntityUid, Bucket> newResources = resources;
    ShardedMap<EntityType, Bucket> newPrincipalTypes = principalTypes;
    ShardedMap<EntityType, Bucket> newResourceTypes = resourceTypes;
    List<AttributeIndex> newAttributes = attributes;
    Bucket newRest = rest;
    switch (key) {
      case InEntity(Variable variable, EntityUid uid) when variable == Variable.PRINCIPAL ->
          newPrincipals = principals.with(uid, bucket);
      case InEntity(_, EntityUid uid) -> newResources = resources.with(uid, bucket);
      case OfType(Variable variable, EntityType type) when variable == Variable.PRINCIPAL ->
          newPrincipalTypes = principalTypes.with(type, bucket);
      case OfType(_, EntityType type) -> newResourceTypes = resourceTypes.with(type, bucket);
      case HasValue value -> newAttributes = replaced(value, bucket);
      case IndexKey.Anything _ -> newRest = bucket == null ? Bucket.EMPTY : bucket;
    }
    return new PolicyIndex(
        newPrincipals, newResources, newPrincipalTypes, newResourceTypes, newAttributes, newRest);
  }

  private List<AttributeIndex> replaced(HasValue key, @Nullable Bucket bucket) {
    List<AttributeIndex> changed = new ArrayList<>(attributes);
    int place = place(key);
    if (place < 0) {
      AttributeIndex empty =
          new AttributeIndex(key.variable(), key.attribute(), ShardedMap.of(Map.of()));
      changed.add(empty.with(key.value(), bucket));
      return changed;
    }
    AttributeIndex index = attributes.get(place).with(key.value(), bucket);
    if (index.byValue().isEmpty()) {
      changed.remove(place);
    } else {
      changed.set(place, index);
    }
    return changed;
  }
}
