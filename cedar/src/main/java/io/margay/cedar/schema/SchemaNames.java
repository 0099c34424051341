package io.margay.cedar.schema;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Span;
import io.margay.cedar.value.CedarText;
import java.util.Arrays;
import java.util.Set;

/** Which names a schema may declare. */
final class SchemaNames {
  /** The namespace of the built-in types. */
  static final String RESERVED_NAMESPACE = "__cedar";

  private static final Set<String> KEYWORDS =
      Set.of("true", "false", "if", "then", "else", "in", "is", "like", "has");

  /** Words that the JSON format reads as kinds of types, and the primitive types. */
  private static final Set<String> NO_COMMON_TYPES =
      Set.of("Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String");

  private SchemaNames() {}

  static boolean isKeyword(String word) {
    return KEYWORDS.contains(word);
  }

  /** True where a part of the name is {@code __cedar}. */
  static boolean isReserved(String path) {
    return Arrays.asList(path.split("::", -1)).contains(RESERVED_NAMESPACE);
  }

  /** True for {@code A::B}, each part a word that is no keyword. */
  static boolean isPath(String text) {
    for (String part : text.split("::", -1)) {
      if (!CedarText.isIdentifier(part) || isKeyword(part)) {
        return false;
      }
    }
    return true;
  }

  static CedarParseException reserved(Span span) {
    return new CedarParseException(
        span, "names with __cedar are reserved for built-in types", "choose another name");
  }

  static void checkDeclarable(String name, Span span) {
    if (name.equals(RESERVED_NAMESPACE)) {
      throw reserved(span);
    }
    if (name.equals("Action")) {
      throw new CedarParseException(
          span,
          "Action is the type of actions and cannot be declared",
          "declare the actions with the keyword action, or rename the entity type");
    }
  }

  static void checkCommonType(String name, Span span) {
    if (name.equals(RESERVED_NAMESPACE)) {
      throw reserved(span);
    }
    if (NO_COMMON_TYPES.contains(name)) {
      throw new CedarParseException(
          span, "a built-in type's name cannot be given to another type", "choose another name");
    }
  }

  /** The name in its namespace: {@code NS::Name}, or {@code Name} outside of any. */
  static String qualify(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "::" + name;
  }
}
