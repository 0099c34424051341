package io.margay.cedar.validate;

import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.EntityType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Makes policies for a schema that are nearly well typed: expressions are built for a wanted type,
 * and now and then for another one, without a guard, or with a name that does not exist.
 */
final class RandomPolicies {
  private static final Type BOOL = Type.Simple.BOOL;
  private static final Type LONG = Type.Simple.LONG;
  private static final Type STRING = Type.Simple.STRING;

  /** An expression that can be read, with its type and the {@code has} that makes it safe. */
  private record Path(String text, Type type, String guard) {}

  private final Random random;
  private final Schema schema;
  private final List<EntityType> types;
  private List<Path> paths = List.of();

  RandomPolicies(Random random, Schema schema) {
    this.random = random;
    this.schema = schema;
    this.types = List.copyOf(schema.entityTypeNames());
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  String next() {
    List<RequestEnvironment> environments = RequestEnvironment.of(schema);
    if (environments.isEmpty()) {
      return "permit(principal, action, resource) when { " + bool(2) + " };\n";
    }
    RequestEnvironment environment = pick(environments);
    paths = new ArrayList<>();
    add(new Path("principal", Type.Entity.of(environment.principal()), ""), 2);
    add(new Path("resource", Type.Entity.of(environment.resource()), ""), 2);
    add(new Path("context", environment.context(), ""), 2);
    add(new Path("action", Type.Entity.of(environment.action().type()), ""), 0);
    StringBuilder text = new StringBuilder(chance(80) ? "permit(" : "forbid(");
    text.append(scope("principal", environment.principal())).append(", ");
    text.append(action(environment)).append(", ");
    text.append(scope("resource", environment.resource())).append(")");
    int conditions = random.nextInt(3);
    for (int i = 0; i < conditions; i++) {
      text.append(chance(80) ? " when { " : " unless { ").append(bool(3)).append(" }");
    }
    return text.append(";\n").toString();
  }

  private void add(Path path, int depth) {
    paths.add(path);
    if (depth == 0) {
      return;
    }
    Map<String, Type.Attribute> attributes =
        switch (path.type()) {
          case Type.Record record -> record.attributes();
          case Type.Entity(var names) -> {
            EntityTypeInfo info = schema.entityType(names.first());
            yield info == null ? Map.of() : info.attributes();
          }
          case Type.Simple _, Type.SetOf _, Type.Extension _ -> Map.of();
        };
    attributes.forEach((name, attribute) -> {
      boolean word = CedarText.isIdentifier(name);
      String step = word ? "." + name : "[" + CedarText.quote(name) + "]";
      String has = path.text() + " has " + (word ? name : CedarText.quote(name));
      String guard =
          attribute.required()
              ? path.guard()
              : path.guard().isEmpty() ? has : path.guard() + " && " + has;
      add(new Path(path.text() + step, attribute.type(), guard), depth - 1);
    });
  }

  private String scope(String variable, EntityType type) {
    EntityType other = chance(90) ? type : pick(types);
    List<EntityType> groups = new ArrayList<>();
    groups.add(other);
    EntityTypeInfo info = schema.entityType(other);
    if (info != null) {
      groups.addAll(info.ancestors());
    }
    if (chance(8)) {
      return variable + pick(List.of(" == ", " in ", " is " + other + " in ")) + "?" + variable;
    }
    return switch (random.nextInt(5)) {
      case 0 -> variable;
      case 1 -> variable + " == " + uid(other);
      case 2 -> variable + " in " + uid(pick(groups));
      case 3 -> variable + " is " + other;
      default -> variable + " is " + other + " in " + uid(pick(groups));
    };
  }

  private String action(RequestEnvironment environment) {
    String own = environment.action().toString();
    String other = actionUid();
    return switch (random.nextInt(5)) {
      case 0 -> "action";
      case 1, 2 -> "action == " + own;
      case 3 -> "action in [" + own + ", " + other + "]";
      default -> "action in " + other;
    };
  }

  private String actionUid() {
    if (chance(2)) {
      return "Action::\"none\"";
    }
    return pick(List.copyOf(schema.actions())).name().toString();
  }

  private String uid(EntityType type) {
    if (chance(1)) {
      return "Nobody::\"x\"";
    }
    EntityTypeInfo info = schema.entityType(type);
    if (info != null && info.ids().isPresent()) {
      return type + "::\"" + (chance(90) ? "red" : "blue") + "\"";
    }
    return type + "::\"" + pick(List.of("x", "y", "z")) + "\"";
  }

  private Type anyType() {
    return switch (random.nextInt(8)) {
      case 0 -> BOOL;
      case 1 -> LONG;
      case 2 -> STRING;
      case 3 -> Type.Entity.of(pick(types));
      case 4 -> new Type.SetOf(pick(List.of(LONG, STRING, Type.Entity.of(pick(types)))));
      case 5 -> pick(List.of(Type.Extension.values()));
      default -> pick(paths.isEmpty() ? List.of(LONG) : paths.stream().map(Path::type).toList());
    };
  }

  private String expression(Type type, int depth) {
    Type wanted = chance(3) ? anyType() : type;
    if (chance(55) || depth == 0) {
      List<Path> fitting = paths.stream().filter(p -> p.type().equals(wanted)).toList();
      if (!fitting.isEmpty() && chance(75)) {
        return guarded(pick(fitting), depth);
      }
    }
    if (depth > 0 && chance(8)) {
      return "(if "
          + bool(depth - 1)
          + " then "
          + expression(wanted, depth - 1)
          + " else "
          + expression(wanted, depth - 1)
          + ")";
    }
    if (depth > 0 && chance(6)) {
      String entity = expression(Type.Entity.of(pick(types)), depth - 1);
      String tag = "\"" + pick(List.of("s", "t")) + "\"";
      return chance(80)
          ? "(if "
              + entity
              + ".hasTag("
              + tag
              + ") then "
              + entity
              + ".getTag("
              + tag
              + ") else "
              + expression(wanted, depth - 1)
              + ")"
          : entity + ".getTag(" + tag + ")";
    }
    return constructed(wanted, depth);
  }

  /** A path that may be missing stands in a Bool with its guard, or, rarely, without one. */
  private String guarded(Path path, int depth) {
    if (path.guard().isEmpty() || chance(10)) {
      return path.text();
    }
    if (path.type() == BOOL) {
      return "(" + path.guard() + " && " + path.text() + ")";
    }
    return "(if "
        + path.guard()
        + " then "
        + path.text()
        + " else "
        + constructed(path.type(), Math.max(0, depth - 1))
        + ")";
  }

  private String constructed(Type type, int depth) {
    int inner = Math.max(0, depth - 1);
    return switch (type) {
      case Type.Simple simple when simple == Type.Simple.LONG -> number(depth);
      case Type.Simple simple when simple == Type.Simple.STRING ->
          CedarText.quote(pick(List.of("", "x", "10.0.0.1", "a*b")));
      case Type.Simple _ -> bool(depth);
      case Type.Entity(var names) -> uid(names.first());
      case Type.SetOf(Type element) -> {
        int size = chance(3) ? 0 : 1 + random.nextInt(2);
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          elements.add(expression(element, inner));
        }
        yield "[" + String.join(", ", elements) + "]";
      }
      case Type.Record record ->
          record.attributes().entrySet().stream()
              .filter(entry -> entry.getValue().required() || chance(50))
              .map(e -> CedarText.quote(e.getKey()) + ": " + expression(e.getValue().type(), inner))
              .collect(Collectors.joining(", ", "{", "}"));
      case Type.Extension extension -> extension(extension, depth);
    };
  }

  private String number(int depth) {
    if (depth == 0 || chance(50)) {
      return String.valueOf(random.nextInt(5) - 1);
    }
    int inner = depth - 1;
    String operator = pick(List.of(" + ", " * ", " - "));
    return switch (random.nextInt(5)) {
      case 0, 1, 2 -> "(" + expression(LONG, inner) + operator + expression(LONG, inner) + ")";
      case 3 -> "(-(" + expression(LONG, inner) + "))";
      default -> expression(Type.Extension.DURATION, inner) + ".toHours()";
    };
  }

  private String extension(Type.Extension type, int depth) {
    int inner = Math.max(0, depth - 1);
    if (depth > 0 && chance(25)) {
      return switch (type) {
        case DATETIME ->
            expression(type, inner) + ".offset(" + expression(Type.Extension.DURATION, inner) + ")";
        case DURATION -> expression(Type.Extension.DATETIME, inner) + ".toTime()";
        case DECIMAL, IPADDR -> expression(type, inner);
      };
    }
    String function = type == Type.Extension.IPADDR ? "ip" : type.toString();
    String argument =
        chance(4) ? expression(STRING, inner) : pick(RandomSchemas.arguments(type, chance(92)));
    return function + "(" + argument + ")";
  }

  private String bool(int depth) {
    if (chance(2)) {
      return expression(anyType(), Math.max(0, depth - 1));
    }
    List<Path> bools = paths.stream().filter(p -> p.type() == BOOL).toList();
    if (depth <= 0) {
      return bools.isEmpty() || chance(30)
          ? String.valueOf(random.nextBoolean())
          : guarded(pick(bools), 0);
    }
    int inner = depth - 1;
    return switch (random.nextInt(18)) {
      case 0, 1 -> "(" + bool(inner) + " && " + bool(inner) + ")";
      case 2, 3 -> "(" + bool(inner) + " || " + bool(inner) + ")";
      case 4 -> "!(" + bool(inner) + ")";
      case 5 -> "(if " + bool(inner) + " then " + bool(inner) + " else " + bool(inner) + ")";
      case 6, 7 -> {
        Type type = anyType();
        yield "("
            + expression(type, inner)
            + pick(List.of(" == ", " != "))
            + expression(type, inner)
            + ")";
      }
      case 8 -> {
        Type type = pick(List.of(LONG, Type.Extension.DATETIME, Type.Extension.DURATION));
        yield "("
            + expression(type, inner)
            + pick(List.of(" < ", " <= ", " > ", " >= "))
            + expression(type, inner)
            + ")";
      }
      case 9 -> "(" + entity(inner) + " in " + entities(inner) + ")";
      case 10 ->
          "("
              + entity(inner)
              + " is "
              + pick(types)
              + (chance(30) ? " in " + entities(inner) : "")
              + ")";
      case 11 -> has(inner);
      case 12 -> contains(inner);
      case 13 -> "(" + expression(STRING, inner) + " like \"a*\")";
      case 14 -> "(action in [" + actionUid() + ", " + actionUid() + "])";
      case 15 ->
          chance(50)
              ? "(action == " + actionUid() + ")"
              : "(" + actionUid() + " in " + actionUid() + ")";
      case 16 -> {
        String entity = entity(inner);
        String tag = chance(80) ? "\"s\"" : expression(STRING, inner);
        yield "("
            + entity
            + ".hasTag("
            + tag
            + ") && "
            + "["
            + entity
            + ".getTag("
            + tag
            + ")].isEmpty())";
      }
      default -> method(inner);
    };
  }

  private String entity(int depth) {
    List<Path> entities = paths.stream().filter(p -> p.type() instanceof Type.Entity).toList();
    if (!entities.isEmpty() && chance(70)) {
      return guarded(pick(entities), depth);
    }
    return expression(Type.Entity.of(pick(types)), depth);
  }

  private String entities(int depth) {
    if (chance(60)) {
      return entity(depth);
    }
    EntityType type = pick(types);
    return "["
        + expression(Type.Entity.of(type), depth)
        + ", "
        + expression(Type.Entity.of(chance(85) ? type : pick(types)), depth)
        + "]";
  }

  private String has(int depth) {
    List<Path> owners =
        paths.stream()
            .filter(p -> p.type() instanceof Type.Entity || p.type() instanceof Type.Record)
            .toList();
    if (owners.isEmpty()) {
      return "true";
    }
    Path owner = pick(owners);
    String target = guarded(owner, depth);
    if (chance(20)) {
      return "(" + target + " has a.b)";
    }
    List<Path> children =
        paths.stream()
            .filter(p ->
                p.guard().startsWith(owner.text() + " has ") && p.text().startsWith(owner.text()))
            .toList();
    if (!children.isEmpty() && chance(50)) {
      Path child = pick(children);
      return "(" + child.guard() + " && " + child.text() + " == " + child.text() + ")";
    }
    return "(" + target + " has " + pick(List.of("a", "b", "c", "d", "e", "\"f g\"", "zz")) + ")";
  }

  private String contains(int depth) {
    Type element = anyType();
    String set = expression(new Type.SetOf(element), depth);
    return switch (random.nextInt(4)) {
      case 0 -> set + ".contains(" + expression(element, depth) + ")";
      case 1 -> set + ".containsAny(" + expression(new Type.SetOf(element), depth) + ")";
      case 2 -> set + ".containsAll(" + expression(new Type.SetOf(element), depth) + ")";
      default -> set + ".isEmpty()";
    };
  }

  private String method(int depth) {
    Type.Extension ip = Type.Extension.IPADDR;
    Type.Extension decimal = Type.Extension.DECIMAL;
    return switch (random.nextInt(4)) {
      case 0 -> expression(ip, depth) + ".isInRange(" + expression(ip, depth) + ")";
      case 1 -> expression(ip, depth) + ".isLoopback()";
      case 2 -> expression(decimal, depth) + ".lessThan(" + expression(decimal, depth) + ")";
      default ->
          expression(decimal, depth) + ".greaterThanOrEqual(" + expression(decimal, depth) + ")";
    };
  }
}
