package io.margay.cedar.random;

import static io.margay.cedar.ast.Span.NONE;

import io.margay.cedar.Request;
import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Annotation;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.Template;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.random.RandomValues.Kind;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Random policy sets, entities and requests. The same seed gives the same world. */
public final class RandomWorld {
  private final RandomGenerator random;
  private final RandomValues values;
  private final RandomExprs exprs;

  public RandomWorld(long seed) {
    random = new Random(seed);
    values = new RandomValues(random);
    exprs = new RandomExprs(random);
  }

  /** Policies, templates and links. */
  public PolicySet policies(int most) {
    PolicySet.Builder set = PolicySet.EMPTY.toBuilder();
    int count = 1 + random.nextInt(most);
    for (int i = 0; i < count; i++) {
      Template template = template("p" + i);
      set.add(template);
      if (template.isStatic()) {
        continue;
      }
      for (int link = random.nextInt(3); link >= 0; link--) {
        Map<Slot, EntityUid> filled = new EnumMap<>(Slot.class);
        template.slots().forEach(slot -> filled.put(slot, values.uid()));
        set.add(Policy.link("p" + i + " link " + link, template, filled));
      }
    }
    return set.build();
  }

  private Template template(String id) {
    boolean slots = random.nextInt(5) == 0;
    List<Condition> conditions = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      conditions.add(
          new Condition(
              random.nextInt(4) == 0 ? Condition.Kind.UNLESS : Condition.Kind.WHEN,
              exprs.expr(Kind.BOOL, 1 + random.nextInt(3)),
              NONE));
    }
    List<Annotation> annotations =
        random.nextInt(6) == 0
            ? List.of(new Annotation("id", Optional.of(values.pick(RandomValues.STRINGS)), NONE))
            : List.of();
    return new Template(
        id,
        annotations,
        random.nextInt(3) == 0 ? Effect.FORBID : Effect.PERMIT,
        scope(slots ? Slot.PRINCIPAL : null),
        action(),
        scope(slots ? Slot.RESOURCE : null),
        conditions,
        NONE);
  }

  private ScopeConstraint scope(Slot slot) {
    EntityType type = new EntityType(values.pick(RandomValues.TYPES));
    return switch (random.nextInt(7)) {
      case 0 -> new ScopeConstraint.Equal(reference(slot));
      case 1 -> new ScopeConstraint.In(reference(slot));
      case 2 -> new ScopeConstraint.Is(type, NONE);
      case 3 -> new ScopeConstraint.IsIn(type, reference(slot), NONE);
      default -> ScopeConstraint.Any.ANY;
    };
  }

  private EntityRef reference(Slot slot) {
    return slot == null ? new EntityRef.Named(values.uid(), NONE) : new EntityRef.Open(slot, NONE);
  }

  private ActionConstraint action() {
    return switch (random.nextInt(6)) {
      case 0 -> new ActionConstraint.Equal(values.action(), NONE);
      case 1 -> new ActionConstraint.In(values.action(), NONE);
      case 2 -> {
        List<EntityUid> actions = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          actions.add(values.action());
        }
        yield new ActionConstraint.InAny(actions, NONE);
      }
      default -> ActionConstraint.Any.ANY;
    };
  }

  /** Some of the entities that policies speak of, with parents, attributes and tags. */
  public List<Entity> entityList() {
    List<EntityUid> uids = new ArrayList<>();
    for (String type : RandomValues.TYPES) {
      RandomValues.IDS.forEach(id -> uids.add(EntityUid.of(type, id)));
    }
    List<EntityUid> actions = new ArrayList<>();
    RandomValues.ACTIONS.forEach(id -> actions.add(EntityUid.of("Action", id)));
    List<Entity> entities = new ArrayList<>();
    Collections.shuffle(uids, new Random(random.nextLong()));
    int count = random.nextInt(uids.size());
    for (int i = 0; i < count; i++) {
      entities.add(new Entity(uids.get(i), values.record(2), laterOnes(uids, i), tags()));
    }
    for (int i = 0; i < actions.size(); i++) {
      if (random.nextInt(3) > 0) {
        entities.add(
            new Entity(
                actions.get(i), RecordValue.EMPTY, laterOnes(actions, i), RecordValue.EMPTY));
      }
    }
    return entities;
  }

  public Entities entities() {
    return Entities.of(entityList());
  }

  /** Parents stand behind their children in the list, so that there are no circles. */
  private Set<EntityUid> laterOnes(List<EntityUid> uids, int index) {
    Set<EntityUid> parents = new LinkedHashSet<>();
    if (index + 1 < uids.size()) {
      for (int i = random.nextInt(3); i > 0; i--) {
        parents.add(uids.get(random.nextInt(index + 1, uids.size())));
      }
    }
    return parents;
  }

  private RecordValue tags() {
    Map<String, Value> tags = new LinkedHashMap<>();
    for (String tag : RandomValues.TAGS) {
      if (random.nextInt(3) == 0) {
        tags.put(tag, values.value(values.pick(List.of(Kind.values())), 1));
      }
    }
    return RecordValue.of(tags);
  }

  public Request request() {
    return new Request(values.uid(), values.action(), values.uid(), values.record(2));
  }

  public RandomGenerator random() {
    return random;
  }
}
