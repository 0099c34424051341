package io.margay.cedar.schema;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types that need no declaration, also reachable as {@code __cedar::Bool} and so on. */
final class BuiltInTypes {
  private static final Map<String, Type> TYPES =
      Map.of(
          "Bool", Type.Simple.BOOL,
          "Long", Type.Simple.LONG,
          "String", Type.Simple.STRING,
          "decimal", Type.Extension.DECIMAL,
          "ipaddr", Type.Extension.IPADDR,
          "datetime", Type.Extension.DATETIME,
          "duration", Type.Extension.DURATION);

  static final Set<String> NAMES = TYPES.keySet();
  private static final String PREFIX = SchemaNames.RESERVED_NAMESPACE + "::";

  private BuiltInTypes() {}

  static boolean isQualified(String name) {
    return name.startsWith(PREFIX) && NAMES.contains(name.substring(PREFIX.length()));
  }

  /** By either name; null where there is no such type. */
  static @Nullable Type named(String name) {
    return TYPES.get(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
  }
}
