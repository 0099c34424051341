package io.margay.cedar.schema;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.schema.SchemaDocument.ActionDeclaration;
import io.margay.cedar.schema.SchemaDocument.ActionName;
import io.margay.cedar.schema.SchemaDocument.AppliesTo;
import io.margay.cedar.schema.SchemaDocument.AttributeDeclaration;
import io.margay.cedar.schema.SchemaDocument.EntityDeclaration;
import io.margay.cedar.schema.SchemaDocument.Namespace;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.schema.SchemaDocument.TypeName;
import io.margay.cedar.value.CedarText;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes schemas in the Cedar format, sorted by name. */
final class SchemaTextWriter {
  private final StringBuilder out = new StringBuilder();
  private int indent;

  private SchemaTextWriter() {}

  /**
   * The text that reads back as the same schema.
   *
   * @throws CedarParseException where the Cedar format has no words for what the JSON format says
   */
  static String write(SchemaDocument document) {
    SchemaTextWriter writer = new SchemaTextWriter();
    document.namespaces().forEach(writer::namespace);
    return writer.out.toString();
  }

  private void namespace(String name, Namespace namespace) {
    refuseCollisions(name, namespace);
    if (!out.isEmpty()) {
      out.append('\n');
    }
    if (name.isEmpty()) {
      declarations(namespace);
      return;
    }
    annotations(namespace.annotations());
    line("namespace " + name + " {");
    indent++;
    declarations(namespace);
    indent--;
    line("}");
  }

  /**
   * In JSON a reference says whether it means an entity; in text the common type is found first.
   */
  private static void refuseCollisions(String name, Namespace namespace) {
    for (String id : namespace.entityTypes().keySet()) {
      if (namespace.commonTypes().containsKey(id)) {
        throw new CedarParseException(
            CedarError.in(
                SchemaNames.qualify(name, id),
                id,
                "an entity type and a common type have this name, which the Cedar format cannot tell"
                    + " apart",
                "rename one of them"));
      }
    }
  }

  private void declarations(Namespace namespace) {
    namespace
        .commonTypes()
        .forEach((id, common) -> {
          annotations(common.annotations());
          start("type " + id + " = ");
          type(common.type());
          out.append(";\n");
        });
    namespace.entityTypes().forEach(this::entityType);
    namespace.actions().forEach(this::action);
  }

  private void entityType(String id, EntityDeclaration declaration) {
    annotations(declaration.annotations());
    start("entity " + id);
    switch (declaration) {
      case EntityDeclaration.Enumerated enumerated ->
          out.append(
              enumerated.ids().stream()
                  .map(CedarText::quote)
                  .collect(Collectors.joining(", ", " enum [", "]")));
      case EntityDeclaration.Standard standard -> {
        if (!standard.parents().isEmpty()) {
          out.append(" in ").append(names(standard.parents()));
        }
        shape(id, standard.shape());
        TypeExpression tags = standard.tags();
        if (tags != null) {
          out.append(" tags ");
          type(tags);
        }
      }
    }
    out.append(";\n");
  }

  private void shape(String id, TypeExpression shape) {
    if (!(shape instanceof TypeExpression.RecordOf record)) {
      throw new CedarParseException(
          CedarError.at(
              shape.span(),
              "the attributes of " + id + " are a named type, which the Cedar format does not have",
              "write the attributes out"));
    }
    if (!record.attributes().isEmpty()) {
      out.append(" = ");
      type(record);
    }
  }

  private void action(String id, ActionDeclaration declaration) {
    annotations(declaration.annotations());
    start("action " + CedarText.quote(id));
    if (!declaration.memberOf().isEmpty()) {
      out.append(
          declaration.memberOf().stream()
              .map(SchemaTextWriter::actionName)
              .collect(Collectors.joining(", ", " in [", "]")));
    }
    AppliesTo applies = declaration.appliesTo();
    // An action without principals or resources never applies: the same as a group.
    if (applies != null && !applies.principals().isEmpty() && !applies.resources().isEmpty()) {
      out.append(" appliesTo {\n");
      indent++;
      line("principal: " + names(applies.principals()) + ",");
      line("resource: " + names(applies.resources()) + ",");
      start("context: ");
      type(applies.context());
      out.append('\n');
      indent--;
      start("}");
    }
    out.append(";\n");
  }

  private static String actionName(ActionName name) {
    String id = CedarText.quote(name.id());
    return name.type() == null ? id : name.type() + "::" + id;
  }

  private static String names(List<TypeName> names) {
    return names.stream().map(TypeName::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private void type(TypeExpression type) {
    switch (type) {
      // By the full name, which no declaration can hide.
      case TypeExpression.Primitive(Type builtIn, _) ->
          out.append(SchemaNames.RESERVED_NAMESPACE).append("::").append(builtIn);
      case TypeExpression.SetOf(TypeExpression element, _) -> {
        out.append("Set<");
        type(element);
        out.append('>');
      }
      case TypeExpression.RecordOf record -> record(record);
      case TypeExpression.Reference(TypeName name, _) -> out.append(name.text());
    }
  }

  private void record(TypeExpression.RecordOf record) {
    if (record.attributes().isEmpty()) {
      out.append("{}");
      return;
    }
    out.append("{\n");
    indent++;
    Iterator<Map.Entry<String, AttributeDeclaration>> entries =
        record.attributes().entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, AttributeDeclaration> entry = entries.next();
      AttributeDeclaration attribute = entry.getValue();
      annotations(attribute.annotations());
      String name = entry.getKey();
      boolean word = CedarText.isIdentifier(name) && !SchemaNames.isKeyword(name);
      start((word ? name : CedarText.quote(name)) + (attribute.required() ? ": " : "?: "));
      type(attribute.type());
      out.append(entries.hasNext() ? ",\n" : "\n");
    }
    indent--;
    start("}");
  }

  private void annotations(Map<String, String> annotations) {
    annotations.forEach((name, value) ->
        line("@" + name + (value.isEmpty() ? "" : "(" + CedarText.quote(value) + ")")));
  }

  private void start(String text) {
    out.append("  ".repeat(indent)).append(text);
  }

  private void line(String text) {
    start(text);
    out.append('\n');
  }
}
