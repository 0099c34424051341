package io.margay.cedar.validate;

import io.margay.cedar.schema.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Makes schemas of every construct: hierarchies, groups, optional attributes, tags, enumerations.
 */
final class RandomSchemas {
  private static final List<String> ATTRIBUTES = List.of("a", "b", "c", "d", "e", "\"f g\"");
  private static final List<String> PRIMITIVES =
      List.of(
          "Bool", "Long", "String", "decimal", "ipaddr", "datetime", "duration", "__cedar::Long");

  private final Random random;
  private List<String> entityTypes = List.of();
  private boolean hasCommonType;

  RandomSchemas(Random random) {
    this.random = random;
  }

  String next() {
    entityTypes = new ArrayList<>(List.of("User", "Group", "Doc", "Folder"));
    boolean enumeration = random.nextBoolean();
    if (enumeration) {
      entityTypes.add("Color");
    }
    hasCommonType = random.nextInt(3) == 0;
    StringBuilder text = new StringBuilder();
    if (hasCommonType) {
      text.append("type Common = ").append(record(1)).append(";\n");
    }
    for (String type : entityTypes) {
      text.append(
          type.equals("Color") ? "entity Color enum [\"red\", \"green\"];\n" : entity(type));
    }
    int actions = 2 + random.nextInt(4);
    for (int i = 0; i < actions; i++) {
      text.append(action(i));
    }
    return random.nextInt(4) == 0 ? "namespace N {\n" + text + "}\n" : text.toString();
  }

  private String entity(String type) {
    StringBuilder text = new StringBuilder("entity ").append(type);
    List<String> parents = some(List.of("User", "Group", "Doc", "Folder"), 2);
    if (!parents.isEmpty()) {
      text.append(" in [").append(String.join(", ", parents)).append(']');
    }
    text.append(" = ").append(record(2));
    if (random.nextInt(3) == 0) {
      text.append(" tags ").append(type(1));
    }
    return text.append(";\n").toString();
  }

  private String action(int index) {
    StringBuilder text = new StringBuilder("action \"act").append(index).append('"');
    if (index > 0 && random.nextBoolean()) {
      text.append(" in [\"act").append(random.nextInt(index)).append("\"]");
    }
    if (random.nextInt(6) > 0) {
      text.append(" appliesTo { principal: [").append(String.join(", ", applicable()));
      text.append("], resource: [").append(String.join(", ", applicable()));
      text.append("], context: ")
          .append(hasCommonType && random.nextBoolean() ? "Common" : record(2));
      text.append(" }");
    }
    return text.append(";\n").toString();
  }

  private List<String> applicable() {
    List<String> chosen = some(entityTypes, 2);
    return chosen.isEmpty() ? List.of(entityTypes.get(random.nextInt(entityTypes.size()))) : chosen;
  }

  private List<String> some(List<String> from, int most) {
    List<String> chosen = new ArrayList<>();
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      String next = from.get(random.nextInt(from.size()));
      if (!chosen.contains(next)) {
        chosen.add(next);
      }
    }
    return chosen;
  }

  private String record(int depth) {
    return ATTRIBUTES.stream()
        .filter(name -> random.nextInt(3) > 0)
        .map(name -> name + (random.nextInt(3) == 0 ? "?: " : ": ") + type(depth))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private String type(int depth) {
    int kind = random.nextInt(depth > 0 ? 8 : 5);
    return switch (kind) {
      case 0, 1, 2 -> PRIMITIVES.get(random.nextInt(PRIMITIVES.size()));
      case 3, 4 -> entityTypes.get(random.nextInt(entityTypes.size()));
      case 5 -> "Set<" + type(depth - 1) + ">";
      case 6 -> hasCommonType && depth > 1 ? "Common" : "Set<" + type(0) + ">";
      default -> record(depth - 1);
    };
  }

  /** Texts that a constructor takes, or one that it does not. */
  static List<String> arguments(Type.Extension type, boolean good) {
    return switch (type) {
      case DECIMAL -> good ? List.of("\"1.5\"", "\"-0.0001\"") : List.of("\"1.23456\"");
      case IPADDR ->
          good ? List.of("\"10.0.0.1\"", "\"::/0\"", "\"10.0.0.0/8\"") : List.of("\"x\"");
      case DATETIME -> List.of(good ? "\"2026-01-31\"" : "\"2026-02-30\"");
      case DURATION -> List.of(good ? "\"1d2h\"" : "\"2h1d\"");
    };
  }
}
