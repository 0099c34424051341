package io.margay.cedar.analyze;

import io.margay.cedar.Request;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.LikePattern;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.conform.EntitiesReader;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.validate.CoreForm;
import io.margay.cedar.validate.PolicyWalk;
import io.margay.cedar.validate.RequestEnvironment;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DatetimeValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.DurationValue;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes requests and entities of one environment from the values that policies name, and from their
 * neighbours. The same policies give the same requests.
 */
final class SampleRequests {
  private static final long SEED = 42;
  private static final int MOST_ELEMENTS = 3;

  record Sample(Request request, Entities entities) {}

  private final Schema schema;
  private final RequestEnvironment environment;
  private final Random random = new Random(SEED);
  private final List<Value> strings = new ArrayList<>();
  private final List<Value> longs = new ArrayList<>();
  private final List<Value> extensions = new ArrayList<>();
  private final Map<EntityType, List<EntityUid>> uids = new LinkedHashMap<>();
  private final Set<String> tagNames = new LinkedHashSet<>();

  SampleRequests(Schema schema, RequestEnvironment environment, List<PolicySet> sets) {
    this.schema = schema;
    this.environment = environment;
    Set<Value> found = new LinkedHashSet<>();
    for (PolicySet set : sets) {
      for (Policy policy : set.policies().values()) {
        collect(policy, found);
      }
    }
    addFresh(found);
    found.forEach(this::sort);
  }

  private static void collect(Policy policy, Set<Value> found) {
    for (ScopeConstraint constraint : List.of(policy.principal(), policy.resource())) {
      if (constraint.reference().orElse(null) instanceof EntityRef.Named(EntityUid uid, _)) {
        found.add(uid);
      }
    }
    PolicyWalk.visit(
        CoreForm.conditions(policy.template()),
        expr -> {
          switch (expr) {
            case Expr.Literal(LongValue(long value), _) -> {
              found.add(new LongValue(value));
              found.add(new LongValue(value == Long.MAX_VALUE ? value : value + 1));
              found.add(new LongValue(value == Long.MIN_VALUE ? value : value - 1));
            }
            case Expr.Literal(Value value, _) -> found.add(value);
            case Expr.Like(_, LikePattern pattern, _) -> {
              found.add(new StringValue(matching(pattern, "")));
              found.add(new StringValue(matching(pattern, "x")));
            }
            case Expr.Var _,
                Expr.SlotRef _,
                Expr.If _,
                Expr.And _,
                Expr.Or _,
                Expr.Unary _,
                Expr.Binary _,
                Expr.Call _,
                Expr.GetAttribute _,
                Expr.HasAttribute _,
                Expr.Is _,
                Expr.SetOf _,
                Expr.RecordOf _ -> {}
          }
        });
  }

  private static String matching(LikePattern pattern, String forStars) {
    return pattern.parts().stream()
        .map(part -> part instanceof LikePattern.Text(String text) ? text : forStars)
        .collect(Collectors.joining());
  }

  private void addFresh(Set<Value> found) {
    found.add(new StringValue("other"));
    found.add(new LongValue(0));
    for (EntityTypeInfo info : schema.entityTypes()) {
      info.ids()
          .ifPresentOrElse(
              ids -> ids.forEach(id -> found.add(new EntityUid(info.name(), id))),
              () -> found.add(new EntityUid(info.name(), "other")));
    }
    // Texts may be arguments of constructors.
    for (Value value : List.copyOf(found)) {
      if (value instanceof StringValue(String text)) {
        IpValue.parse(text).ifPresent(found::add);
        DecimalValue.parse(text).ifPresent(found::add);
        DatetimeValue.parse(text).ifPresent(found::add);
        DurationValue.parse(text).ifPresent(found::add);
      }
    }
    IpValue.parse("192.0.2.1").ifPresent(found::add);
    DecimalValue.parse("0.0").ifPresent(found::add);
    found.add(new DatetimeValue(0));
    found.add(new DurationValue(0));
  }

  private void sort(Value value) {
    switch (value) {
      case StringValue(String text) -> {
        strings.add(value);
        tagNames.add(text);
      }
      case LongValue _ -> longs.add(value);
      case EntityUid uid -> uids.computeIfAbsent(uid.type(), t -> new ArrayList<>()).add(uid);
      case DecimalValue _, IpValue _, DatetimeValue _, DurationValue _ -> extensions.add(value);
      case BoolValue _, SetValue _, RecordValue _ -> {}
    }
  }

  Sample next() {
    List<Entity> entities = new ArrayList<>(EntitiesReader.actions(schema));
    for (EntityTypeInfo info : schema.entityTypes()) {
      for (EntityUid uid : uids.getOrDefault(info.name(), List.of())) {
        // Now and then an entity is missing, as in real stores.
        if (random.nextInt(10) > 0) {
          entities.add(entity(uid, info));
        }
      }
    }
    Request request =
        new Request(
            uid(environment.principal()),
            environment.action(),
            uid(environment.resource()),
            record(environment.context()));
    return new Sample(request, Entities.of(entities));
  }

  private Entity entity(EntityUid uid, EntityTypeInfo info) {
    Set<EntityUid> parents = new LinkedHashSet<>();
    for (EntityType type : info.ancestors()) {
      // Where types may be in each other, only those that come later: a circle is no hierarchy.
      for (EntityUid parent : uids.getOrDefault(type, List.of())) {
        boolean above = !info.descendants().contains(type) || uid.compareTo(parent) < 0;
        if (above && random.nextInt(3) == 0) {
          parents.add(parent);
        }
      }
    }
    Map<String, Value> tags = new LinkedHashMap<>();
    info.tags()
        .ifPresent(type ->
            tagNames.stream()
                .filter(name -> random.nextBoolean())
                .forEach(name -> tags.put(name, value(type))));
    return new Entity(uid, record(info.shape()), parents, RecordValue.of(tags));
  }

  private EntityUid uid(EntityType type) {
    List<EntityUid> known = uids.getOrDefault(type, List.of());
    return known.isEmpty() ? new EntityUid(type, "other") : pick(known);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private RecordValue record(Type.Record type) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    type.attributes()
        .forEach((name, attribute) -> {
          if (attribute.required() || random.nextBoolean()) {
            attributes.put(name, value(attribute.type()));
          }
        });
    return RecordValue.of(attributes);
  }

  private Value value(Type type) {
    return switch (type) {
      case Type.Simple simple when simple == Type.Simple.LONG -> pick(longs);
      case Type.Simple simple when simple == Type.Simple.STRING -> pick(strings);
      case Type.Simple _ -> BoolValue.of(random.nextBoolean());
      case Type.Entity(var names) -> uid(names.first());
      case Type.SetOf(Type element) -> {
        List<Value> elements = new ArrayList<>();
        int size = random.nextInt(MOST_ELEMENTS + 1);
        for (int i = 0; i < size; i++) {
          elements.add(value(element));
        }
        yield SetValue.of(elements);
      }
      case Type.Record record -> record(record);
      case Type.Extension extension ->
          pick(extensions.stream().filter(v -> v.typeName().equals(extension.toString())).toList());
    };
  }
}
