package io.margay.cedar.schema;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.schema.SchemaDocument.ActionDeclaration;
import io.margay.cedar.schema.SchemaDocument.ActionName;
import io.margay.cedar.schema.SchemaDocument.AppliesTo;
import io.margay.cedar.schema.SchemaDocument.CommonType;
import io.margay.cedar.schema.SchemaDocument.EntityDeclaration;
import io.margay.cedar.schema.SchemaDocument.Namespace;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.schema.SchemaDocument.TypeName;
import io.margay.cedar.schema.SchemaTokens.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Cedar format of schemas.
 *
 * <pre>
 * schema    := { annotations ( "namespace" PATH "{" { annotations decl } "}" | decl ) }
 * decl      := "entity" IDS ( [ "in" types ] [ [ "=" ] record ] [ "tags" type ] | "enum" "[" STRINGS "]" ) ";"
 *            | "action" NAMES [ "in" actions ] [ "appliesTo" "{" applies "}" ] [ "attributes" "{" "}" ] ";"
 *            | "type" ID "=" type ";"
 * applies   := ( "principal" | "resource" ) ":" types | "context" ":" ( PATH | record ), with commas
 * </pre>
 */
final class SchemaTextParser {
  private final SchemaCursor cursor;
  private final SchemaTypeParser types;
  private final Map<String, Declarations> namespaces = new LinkedHashMap<>();

  /** What one namespace declares, in the order written. */
  private static final class Declarations {
    final Map<String, CommonType> commonTypes = new LinkedHashMap<>();
    final Map<String, EntityDeclaration> entityTypes = new LinkedHashMap<>();
    final Map<String, ActionDeclaration> actions = new LinkedHashMap<>();
    Map<String, String> annotations = Map.of();

    Namespace build() {
      return new Namespace(commonTypes, entityTypes, actions, annotations);
    }
  }

  private SchemaTextParser(SourceText source) {
    this.cursor = new SchemaCursor(SchemaTokens.of(source));
    this.types = new SchemaTypeParser(cursor);
  }

  /**
   * @throws CedarParseException when the text is no schema
   */
  static SchemaDocument parse(SourceText source) {
    SchemaTextParser parser = new SchemaTextParser(source);
    while (!parser.cursor.atEnd()) {
      parser.topLevel();
    }
    Map<String, Namespace> namespaces = new LinkedHashMap<>();
    parser.namespaces.forEach((name, declarations) -> namespaces.put(name, declarations.build()));
    return new SchemaDocument(namespaces);
  }

  private void topLevel() {
    Map<String, String> annotations = types.annotations();
    if (!cursor.acceptWord("namespace")) {
      declaration(namespaces.computeIfAbsent("", n -> new Declarations()), annotations);
      return;
    }
    TypeName name = cursor.path();
    if (SchemaNames.isReserved(name.text())) {
      throw SchemaNames.reserved(name.span());
    }
    Declarations declarations = new Declarations();
    declarations.annotations = annotations;
    if (namespaces.putIfAbsent(name.text(), declarations) != null) {
      throw new CedarParseException(
          name.span(),
          "the namespace is declared twice",
          "put all of its declarations into one namespace block");
    }
    cursor.expect("{");
    while (!cursor.accept("}")) {
      declaration(declarations, types.annotations());
    }
  }

  private void declaration(Declarations into, Map<String, String> annotations) {
    Token first = cursor.peek();
    if (cursor.acceptWord("entity")) {
      entity(into, annotations, first.span());
    } else if (cursor.acceptWord("action")) {
      action(into, annotations, first.span());
    } else if (cursor.acceptWord("type")) {
      commonType(into, annotations, first.span());
    } else {
      throw cursor.unexpected("entity, action, type or namespace");
    }
  }

  private void entity(Declarations into, Map<String, String> annotations, Span start) {
    List<Token> names = cursor.identifiers();
    EntityDeclaration declared;
    if (cursor.acceptWord("enum")) {
      cursor.expect("[");
      List<String> ids = new ArrayList<>();
      do {
        ids.add(cursor.string());
      } while (cursor.accept(","));
      cursor.expect("]");
      declared = new EntityDeclaration.Enumerated(ids, annotations, start.to(end()));
    } else {
      List<TypeName> parents = cursor.acceptWord("in") ? typeNames() : List.of();
      boolean equals = cursor.accept("=");
      TypeExpression shape =
          equals || cursor.peek().is("{") ? types.record() : TypeExpression.RecordOf.empty();
      TypeExpression tags = cursor.acceptWord("tags") ? types.type() : null;
      declared = new EntityDeclaration.Standard(parents, shape, tags, annotations, start.to(end()));
    }
    for (Token name : names) {
      SchemaNames.checkDeclarable(name.text(), name.span());
      if (into.entityTypes.putIfAbsent(name.text(), declared) != null) {
        throw twice("entity type", name.span());
      }
    }
  }

  private void action(Declarations into, Map<String, String> annotations, Span start) {
    Map<String, Span> names = new LinkedHashMap<>();
    do {
      Token token = cursor.peek();
      if (names.putIfAbsent(cursor.name(), token.span()) != null) {
        throw twice("action", token.span());
      }
    } while (cursor.accept(","));
    List<ActionName> parents = cursor.acceptWord("in") ? actionNames() : List.of();
    AppliesTo appliesTo = null;
    Span applies = cursor.peek().span();
    if (cursor.acceptWord("appliesTo")) {
      appliesTo = appliesTo(applies);
    }
    if (cursor.acceptWord("attributes")) {
      cursor.expect("{");
      cursor.expect("}");
    }
    ActionDeclaration declared =
        new ActionDeclaration(parents, appliesTo, annotations, start.to(end()));
    names.forEach((name, span) -> {
      if (into.actions.putIfAbsent(name, declared) != null) {
        throw twice("action", span);
      }
    });
  }

  private AppliesTo appliesTo(Span start) {
    List<TypeName> principals = null;
    List<TypeName> resources = null;
    TypeExpression context = null;
    cursor.expect("{");
    do {
      Token part = cursor.peek();
      boolean again;
      if (cursor.acceptWord("principal")) {
        again = principals != null;
        principals = applicable();
      } else if (cursor.acceptWord("resource")) {
        again = resources != null;
        resources = applicable();
      } else if (cursor.acceptWord("context")) {
        again = context != null;
        cursor.expect(":");
        context = cursor.peek().is("{") ? types.record() : types.commonReference();
      } else {
        throw cursor.unexpected("principal, resource or context");
      }
      if (again) {
        throw new CedarParseException(
            part.span(), "written twice for one action", "join the two into one");
      }
    } while (cursor.accept(",") && !cursor.peek().is("}"));
    cursor.expect("}");
    if (principals == null || resources == null) {
      throw new CedarParseException(
          start,
          "the action does not say which "
              + (principals == null ? "principal" : "resource")
              + " types it applies to",
          "add " + (principals == null ? "principal" : "resource") + ": [Type]");
    }
    return new AppliesTo(
        principals, resources, context == null ? TypeExpression.RecordOf.empty() : context);
  }

  private List<TypeName> applicable() {
    cursor.expect(":");
    Span span = cursor.peek().span();
    List<TypeName> names = typeNames();
    if (names.isEmpty()) {
      throw new CedarParseException(
          span,
          "an empty list would never apply",
          "name a type, or leave out appliesTo for an action that is only a group");
    }
    return names;
  }

  private void commonType(Declarations into, Map<String, String> annotations, Span start) {
    Token name = cursor.identifier();
    SchemaNames.checkCommonType(name.text(), name.span());
    cursor.expect("=");
    TypeExpression type = types.type();
    CommonType declared = new CommonType(type, annotations, start.to(end()));
    if (into.commonTypes.putIfAbsent(name.text(), declared) != null) {
      throw twice("type", name.span());
    }
  }

  /** One name, or any number of them in brackets. */
  private List<TypeName> typeNames() {
    if (!cursor.accept("[")) {
      return List.of(cursor.path());
    }
    List<TypeName> names = new ArrayList<>();
    if (!cursor.peek().is("]")) {
      do {
        names.add(cursor.path());
      } while (cursor.accept(","));
    }
    cursor.expect("]");
    return names;
  }

  private List<ActionName> actionNames() {
    if (!cursor.accept("[")) {
      return List.of(actionName());
    }
    List<ActionName> names = new ArrayList<>();
    do {
      names.add(actionName());
    } while (cursor.accept(","));
    cursor.expect("]");
    return names;
  }

  /** {@code Type::"id"}, {@code "id"} or {@code id}. */
  private ActionName actionName() {
    Span start = cursor.peek().span();
    @Nullable String type = cursor.qualifierBeforeString();
    String id = type == null ? cursor.name() : cursor.string();
    return new ActionName(type, id, start.to(cursor.previous().span()));
  }

  private Span end() {
    Span end = cursor.peek().span();
    cursor.expect(";");
    return end;
  }

  private static CedarParseException twice(String what, Span span) {
    return new CedarParseException(
        span,
        "the " + what + " is declared twice in its namespace",
        "remove or rename one of them");
  }
}
