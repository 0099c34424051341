package io.margay.model.manifest;

import io.margay.model.resource.ToolArguments;
import io.margay.model.resource.ToolArguments.Argument;
import io.margay.model.resource.ToolArguments.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads the JSON schema of a tool's arguments, as far as policies can use it. What it does not
 * understand becomes {@link Type#OTHER}: never a type that is narrower than what the tool takes.
 */
final class InputSchemas {
  /** Keywords beside {@code type} that do not let other types in. */
  private static final Set<String> NARROWING =
      Set.of(
          "type",
          "title",
          "description",
          "default",
          "examples",
          "enum",
          "const",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "format",
          "items",
          "minItems",
          "maxItems",
          "uniqueItems",
          "deprecated",
          "readOnly",
          "writeOnly");

  private InputSchemas() {}

  static ToolArguments arguments(Field schema) {
    Set<String> required = new HashSet<>(AgentDecoder.texts(schema.at("required")));
    List<Argument> declared = new ArrayList<>();
    Field properties = schema.at("properties");
    for (String name : properties.names()) {
      declared.add(new Argument(name, type(properties.at(name)), required.contains(name)));
    }
    return new ToolArguments(declared, schema.at("additionalProperties").isTrue());
  }

  private static Type type(Field schema) {
    if (!NARROWING.containsAll(schema.names())) {
      return Type.OTHER;
    }
    return switch (schema.at("type").word()) {
      case "string" -> Type.TEXT;
      case "integer" -> Type.INTEGER;
      case "number" -> Type.DECIMAL;
      case "boolean" -> Type.FLAG;
      case "array" ->
          switch (type(schema.at("items"))) {
            case TEXT -> Type.TEXTS;
            case INTEGER -> Type.INTEGERS;
            case DECIMAL, FLAG, TEXTS, INTEGERS, OTHER -> Type.OTHER;
          };
      default -> Type.OTHER;
    };
  }
}
