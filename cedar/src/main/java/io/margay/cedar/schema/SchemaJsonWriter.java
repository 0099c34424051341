package io.margay.cedar.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.schema.SchemaDocument.ActionDeclaration;
import io.margay.cedar.schema.SchemaDocument.ActionName;
import io.margay.cedar.schema.SchemaDocument.AppliesTo;
import io.margay.cedar.schema.SchemaDocument.AttributeDeclaration;
import io.margay.cedar.schema.SchemaDocument.EntityDeclaration;
import io.margay.cedar.schema.SchemaDocument.Namespace;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.schema.SchemaDocument.TypeName;
import java.util.List;
import java.util.Map;

/** Writes schemas in the JSON format. */
final class SchemaJsonWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private SchemaJsonWriter() {}

  static String write(SchemaDocument document) {
    ObjectNode root = NODES.objectNode();
    document.namespaces().forEach((name, namespace) -> root.set(name, namespace(namespace)));
    return root.toPrettyString();
  }

  private static ObjectNode namespace(Namespace namespace) {
    ObjectNode node = NODES.objectNode();
    if (!namespace.commonTypes().isEmpty()) {
      ObjectNode common = node.putObject("commonTypes");
      namespace
          .commonTypes()
          .forEach((id, t) -> common.set(id, annotated(type(t.type()), t.annotations())));
    }
    ObjectNode entityTypes = node.putObject("entityTypes");
    namespace.entityTypes().forEach((id, e) -> entityTypes.set(id, entityType(e)));
    ObjectNode actions = node.putObject("actions");
    namespace.actions().forEach((id, a) -> actions.set(id, action(a)));
    return annotated(node, namespace.annotations());
  }

  private static ObjectNode annotated(ObjectNode node, Map<String, String> annotations) {
    if (!annotations.isEmpty()) {
      ObjectNode written = node.putObject("annotations");
      annotations.forEach(written::put);
    }
    return node;
  }

  private static ObjectNode entityType(EntityDeclaration declaration) {
    ObjectNode node = NODES.objectNode();
    switch (declaration) {
      case EntityDeclaration.Enumerated enumerated ->
          enumerated.ids().forEach(node.putArray("enum")::add);
      case EntityDeclaration.Standard standard -> {
        if (!standard.parents().isEmpty()) {
          node.set("memberOfTypes", names(standard.parents()));
        }
        if (!isEmptyRecord(standard.shape())) {
          node.set("shape", type(standard.shape()));
        }
        TypeExpression tags = standard.tags();
        if (tags != null) {
          node.set("tags", type(tags));
        }
      }
    }
    return annotated(node, declaration.annotations());
  }

  private static boolean isEmptyRecord(TypeExpression type) {
    return type instanceof TypeExpression.RecordOf record && record.attributes().isEmpty();
  }

  private static ArrayNode names(List<TypeName> names) {
    ArrayNode node = NODES.arrayNode();
    names.forEach(name -> node.add(name.text()));
    return node;
  }

  private static ObjectNode action(ActionDeclaration declaration) {
    ObjectNode node = NODES.objectNode();
    if (!declaration.memberOf().isEmpty()) {
      ArrayNode groups = node.putArray("memberOf");
      for (ActionName name : declaration.memberOf()) {
        ObjectNode group = groups.addObject().put("id", name.id());
        if (name.type() != null) {
          group.put("type", name.type());
        }
      }
    }
    AppliesTo applies = declaration.appliesTo();
    if (applies != null) {
      ObjectNode written = node.putObject("appliesTo");
      written.set("principalTypes", names(applies.principals()));
      written.set("resourceTypes", names(applies.resources()));
      if (!isEmptyRecord(applies.context())) {
        written.set("context", type(applies.context()));
      }
    }
    return annotated(node, declaration.annotations());
  }

  private static ObjectNode type(TypeExpression type) {
    ObjectNode node = NODES.objectNode();
    switch (type) {
      case TypeExpression.Primitive(Type builtIn, _) -> primitive(node, builtIn);
      case TypeExpression.SetOf(TypeExpression element, _) ->
          node.put("type", "Set").set("element", type(element));
      case TypeExpression.RecordOf(Map<String, AttributeDeclaration> attributes, _) -> {
        node.put("type", "Record");
        ObjectNode written = node.putObject("attributes");
        attributes.forEach((name, attribute) -> written.set(name, attribute(attribute)));
      }
      case TypeExpression.Reference(TypeName name, TypeExpression.Kind kind) -> {
        switch (kind) {
          case COMMON -> node.put("type", name.text());
          case ENTITY -> node.put("type", "Entity").put("name", name.text());
          case COMMON_OR_ENTITY -> node.put("type", "EntityOrCommon").put("name", name.text());
        }
      }
    }
    return node;
  }

  private static ObjectNode attribute(AttributeDeclaration attribute) {
    ObjectNode node = type(attribute.type());
    if (!attribute.required()) {
      node.put("required", false);
    }
    return annotated(node, attribute.annotations());
  }

  private static void primitive(ObjectNode node, Type type) {
    switch (type) {
      case Type.Simple simple when simple == Type.Simple.BOOL -> node.put("type", "Boolean");
      case Type.Simple simple -> node.put("type", simple.toString());
      case Type.Extension extension ->
          node.put("type", "Extension").put("name", extension.toString());
      case Type.Entity _, Type.SetOf _, Type.Record _ ->
          throw new IllegalArgumentException(type + " is no primitive type");
    }
  }
}
