package io.margay.cedar.schema;

import static io.margay.cedar.json.JsonFields.allowOnly;
import static io.margay.cedar.json.JsonFields.bool;
import static io.margay.cedar.json.JsonFields.object;
import static io.margay.cedar.json.JsonFields.required;
import static io.margay.cedar.json.JsonFields.string;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.schema.SchemaDocument.AttributeDeclaration;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.schema.SchemaDocument.TypeName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Reads types of the JSON format: {@code {"type": …}} with a built-in kind, or with the name of a
 * common type.
 */
final class SchemaJsonTypes {
  private static final Map<String, Type> EXTENSIONS =
      Map.of(
          "decimal", Type.Extension.DECIMAL,
          "ipaddr", Type.Extension.IPADDR,
          "datetime", Type.Extension.DATETIME,
          "duration", Type.Extension.DURATION);

  private SchemaJsonTypes() {}

  static TypeExpression type(JsonTree tree) {
    return type(object(tree), Set.of());
  }

  /** A type in an object that may have these other keys, which belong to its owner. */
  static TypeExpression type(Obj object, Set<String> others) {
    String kind = string(required(object, "type"));
    return switch (kind) {
      case "String" -> primitive(object, others, Type.Simple.STRING);
      case "Long" -> primitive(object, others, Type.Simple.LONG);
      case "Boolean" -> primitive(object, others, Type.Simple.BOOL);
      case "Set" -> {
        allow(object, others, "element");
        yield new TypeExpression.SetOf(type(required(object, "element")), object.span());
      }
      case "Record" -> record(object, others);
      case "Entity" -> named(object, others, TypeExpression.Kind.ENTITY);
      case "EntityOrCommon" -> named(object, others, TypeExpression.Kind.COMMON_OR_ENTITY);
      case "Extension" -> extension(object, others);
      default -> {
        allow(object, others);
        yield new TypeExpression.Reference(
            typeName(required(object, "type")), TypeExpression.Kind.COMMON);
      }
    };
  }

  private static void allow(Obj object, Set<String> others, String... keys) {
    Set<String> allowed = new HashSet<>(others);
    allowed.add("type");
    allowed.addAll(Set.of(keys));
    allowOnly(object, allowed);
  }

  private static TypeExpression primitive(Obj object, Set<String> others, Type type) {
    allow(object, others);
    return new TypeExpression.Primitive(type, object.span());
  }

  private static TypeExpression record(Obj object, Set<String> others) {
    allow(object, others, "attributes", "additionalAttributes");
    JsonTree open = object.get("additionalAttributes");
    if (open != null && bool(open)) {
      throw new CedarParseException(
          open.span(),
          "records with attributes that are not declared are not supported",
          "declare every attribute, with \"required\": false where it may be missing");
    }
    Map<String, AttributeDeclaration> attributes = new LinkedHashMap<>();
    object(required(object, "attributes"))
        .fields()
        .forEach((name, tree) -> attributes.put(name, attribute(object(tree))));
    return new TypeExpression.RecordOf(attributes, object.span());
  }

  private static AttributeDeclaration attribute(Obj object) {
    JsonTree required = object.get("required");
    return new AttributeDeclaration(
        type(object, Set.of("required", "annotations")),
        required == null || bool(required),
        SchemaJsonReader.annotations(object));
  }

  private static TypeExpression named(Obj object, Set<String> others, TypeExpression.Kind kind) {
    allow(object, others, "name");
    return new TypeExpression.Reference(typeName(required(object, "name")), kind);
  }

  private static TypeExpression extension(Obj object, Set<String> others) {
    allow(object, others, "name");
    JsonTree name = required(object, "name");
    Type type = EXTENSIONS.get(string(name));
    if (type == null) {
      throw new CedarParseException(
          name.span(),
          "there is no such extension type",
          NearestName.suggestion(
              string(name),
              EXTENSIONS.keySet(),
              "the types are decimal, ipaddr, datetime, duration"));
    }
    return new TypeExpression.Primitive(type, object.span());
  }

  static TypeName typeName(JsonTree tree) {
    String text = string(tree);
    if (!SchemaNames.isPath(text)) {
      throw new CedarParseException(
          tree.span(), "this is no name of a type", "write words with :: between them");
    }
    return new TypeName(text, tree.span());
  }
}
