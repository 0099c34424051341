package io.margay.cedar.schema;

import static io.margay.cedar.json.JsonFields.allowOnly;
import static io.margay.cedar.json.JsonFields.list;
import static io.margay.cedar.json.JsonFields.object;
import static io.margay.cedar.json.JsonFields.required;
import static io.margay.cedar.json.JsonFields.string;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTree.Null;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.json.JsonTrees;
import io.margay.cedar.schema.SchemaDocument.ActionDeclaration;
import io.margay.cedar.schema.SchemaDocument.ActionName;
import io.margay.cedar.schema.SchemaDocument.AppliesTo;
import io.margay.cedar.schema.SchemaDocument.CommonType;
import io.margay.cedar.schema.SchemaDocument.EntityDeclaration;
import io.margay.cedar.schema.SchemaDocument.Namespace;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.schema.SchemaDocument.TypeName;
import io.margay.cedar.value.CedarText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the JSON format of schemas: an object of namespaces, the empty name for none. */
final class SchemaJsonReader {
  private static final String ANNOTATIONS = "annotations";

  private SchemaJsonReader() {}

  /**
   * @throws CedarParseException when the text is no schema
   */
  static SchemaDocument read(SourceText source) {
    Map<String, Namespace> namespaces = new LinkedHashMap<>();
    object(JsonTrees.read(source))
        .fields()
        .forEach((name, tree) -> {
          checkNamespace(name, tree);
          namespaces.put(name, namespace(object(tree), name));
        });
    return new SchemaDocument(namespaces);
  }

  private static void checkNamespace(String name, JsonTree tree) {
    if (name.isEmpty()) {
      return;
    }
    if (!SchemaNames.isPath(name)) {
      throw new CedarParseException(
          tree.span(),
          "\"" + name + "\" is no name of a namespace",
          "write words with :: between them, or \"\" for no namespace");
    }
    if (SchemaNames.isReserved(name)) {
      throw SchemaNames.reserved(tree.span());
    }
  }

  private static Namespace namespace(Obj object, String name) {
    allowOnly(object, Set.of("commonTypes", "entityTypes", "actions", ANNOTATIONS));
    if (name.isEmpty() && object.get(ANNOTATIONS) != null) {
      throw new CedarParseException(
          object.span(), "declarations without a namespace have no annotations", "remove them");
    }
    Map<String, CommonType> commonTypes = new LinkedHashMap<>();
    JsonTree common = object.get("commonTypes");
    if (common != null) {
      object(common).fields().forEach((id, tree) -> commonTypes.put(id, commonType(id, tree)));
    }
    Map<String, EntityDeclaration> entityTypes = new LinkedHashMap<>();
    object(required(object, "entityTypes"))
        .fields()
        .forEach((id, tree) -> entityTypes.put(id, entityType(id, object(tree))));
    Map<String, ActionDeclaration> actions = new LinkedHashMap<>();
    object(required(object, "actions"))
        .fields()
        .forEach((id, tree) -> actions.put(id, action(object(tree))));
    return new Namespace(commonTypes, entityTypes, actions, annotations(object));
  }

  private static void checkWord(String id, JsonTree tree) {
    if (!CedarText.isIdentifier(id) || SchemaNames.isKeyword(id)) {
      throw new CedarParseException(
          tree.span(), "\"" + id + "\" is no name of a type", "write one word of A-Z, a-z, 0-9, _");
    }
  }

  private static CommonType commonType(String id, JsonTree tree) {
    checkWord(id, tree);
    SchemaNames.checkCommonType(id, tree.span());
    Obj object = object(tree);
    return new CommonType(
        SchemaJsonTypes.type(object, Set.of(ANNOTATIONS)), annotations(object), tree.span());
  }

  private static EntityDeclaration entityType(String id, Obj object) {
    checkWord(id, object);
    SchemaNames.checkDeclarable(id, object.span());
    JsonTree ids = object.get("enum");
    if (ids != null) {
      allowOnly(object, Set.of("enum", ANNOTATIONS));
      List<String> choices = new ArrayList<>();
      list(ids).forEach(choice -> choices.add(string(choice)));
      if (choices.isEmpty()) {
        throw new CedarParseException(ids.span(), "an enumeration has at least one id", "add one");
      }
      return new EntityDeclaration.Enumerated(choices, annotations(object), object.span());
    }
    allowOnly(object, Set.of("memberOfTypes", "shape", "tags", ANNOTATIONS));
    JsonTree shape = object.get("shape");
    JsonTree tags = object.get("tags");
    return new EntityDeclaration.Standard(
        typeNames(object.get("memberOfTypes")),
        shape == null ? TypeExpression.RecordOf.empty() : SchemaJsonTypes.type(shape),
        tags == null ? null : SchemaJsonTypes.type(tags),
        annotations(object),
        object.span());
  }

  private static List<TypeName> typeNames(@Nullable JsonTree tree) {
    List<TypeName> names = new ArrayList<>();
    if (tree != null) {
      list(tree).forEach(name -> names.add(SchemaJsonTypes.typeName(name)));
    }
    return names;
  }

  private static ActionDeclaration action(Obj object) {
    allowOnly(object, Set.of("attributes", "appliesTo", "memberOf", ANNOTATIONS));
    JsonTree attributes = present(object.get("attributes"));
    if (attributes != null) {
      throw new CedarParseException(
          attributes.span(), "actions have no attributes", "put the values into the context");
    }
    List<ActionName> groups = new ArrayList<>();
    JsonTree memberOf = present(object.get("memberOf"));
    if (memberOf != null) {
      list(memberOf).forEach(group -> groups.add(actionName(object(group))));
    }
    JsonTree applies = present(object.get("appliesTo"));
    return new ActionDeclaration(
        groups,
        applies == null ? null : appliesTo(object(applies)),
        annotations(object),
        object.span());
  }

  private static @Nullable JsonTree present(@Nullable JsonTree tree) {
    return tree instanceof Null ? null : tree;
  }

  private static ActionName actionName(Obj object) {
    allowOnly(object, Set.of("id", "type"));
    JsonTree type = present(object.get("type"));
    return new ActionName(
        type == null ? null : SchemaJsonTypes.typeName(type).text(),
        string(required(object, "id")),
        object.span());
  }

  private static AppliesTo appliesTo(Obj object) {
    allowOnly(object, Set.of("principalTypes", "resourceTypes", "context"));
    JsonTree context = object.get("context");
    return new AppliesTo(
        typeNames(required(object, "principalTypes")),
        typeNames(required(object, "resourceTypes")),
        context == null ? TypeExpression.RecordOf.empty() : SchemaJsonTypes.type(context));
  }

  /** Annotations by name; null as a value is the empty one. */
  static Map<String, String> annotations(Obj owner) {
    JsonTree tree = owner.get(ANNOTATIONS);
    Map<String, String> annotations = new LinkedHashMap<>();
    if (tree == null) {
      return annotations;
    }
    object(tree)
        .fields()
        .forEach((name, value) -> {
          if (!CedarText.isIdentifier(name)) {
            throw new CedarParseException(
                value.span(),
                "\"" + name + "\" is no name of an annotation",
                "write one word of A-Z, a-z, 0-9, _");
          }
          annotations.put(name, value instanceof Null ? "" : string(value));
        });
    return annotations;
  }
}
