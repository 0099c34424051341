package io.margay.cedar.schema;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Span;
import io.margay.cedar.schema.SchemaDocument.AttributeDeclaration;
import io.margay.cedar.schema.SchemaDocument.TypeExpression;
import io.margay.cedar.schema.SchemaTokens.Token;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads types and annotations.
 *
 * <pre>
 * type   := PATH | "Set" "&lt;" type "&gt;" | record
 * record := "{" [ annotations NAME [ "?" ] ":" type { "," … } [ "," ] ] "}"
 * </pre>
 */
final class SchemaTypeParser {
  /** Deeper types than this are refused, not recursed into. */
  static final int MAX_DEPTH = 200;

  private final SchemaCursor cursor;
  private int depth;

  SchemaTypeParser(SchemaCursor cursor) {
    this.cursor = cursor;
  }

  TypeExpression type() {
    Token first = cursor.peek();
    if (first.is("{")) {
      return record();
    }
    if (!cursor.acceptSetOpening()) {
      return new TypeExpression.Reference(cursor.path(), TypeExpression.Kind.COMMON_OR_ENTITY);
    }
    descend(first.span());
    TypeExpression element = type();
    cursor.expect(">");
    depth--;
    return new TypeExpression.SetOf(element, first.span().to(cursor.previous().span()));
  }

  /** The context of an action may be named by a common type, not by an entity type. */
  TypeExpression commonReference() {
    return new TypeExpression.Reference(cursor.path(), TypeExpression.Kind.COMMON);
  }

  TypeExpression.RecordOf record() {
    Span start = cursor.peek().span();
    cursor.expect("{");
    descend(start);
    Map<String, AttributeDeclaration> attributes = new LinkedHashMap<>();
    while (!cursor.peek().is("}")) {
      Map<String, String> annotations = annotations();
      Span nameSpan = cursor.peek().span();
      String name = cursor.name();
      boolean required = !cursor.accept("?");
      cursor.expect(":");
      AttributeDeclaration declared = new AttributeDeclaration(type(), required, annotations);
      if (attributes.putIfAbsent(name, declared) != null) {
        throw new CedarParseException(
            nameSpan, "the attribute is declared twice", "remove or rename one of them");
      }
      if (!cursor.accept(",") && !cursor.peek().is("}")) {
        throw cursor.unexpected("\",\" or \"}\"");
      }
    }
    cursor.expect("}");
    depth--;
    return new TypeExpression.RecordOf(attributes, start.to(cursor.previous().span()));
  }

  /** Annotations by name; one without a value has the empty one. */
  Map<String, String> annotations() {
    Map<String, String> annotations = new LinkedHashMap<>();
    while (cursor.accept("@")) {
      Token name = cursor.anyIdentifier();
      String value = "";
      if (cursor.accept("(")) {
        value = cursor.string();
        cursor.expect(")");
      }
      if (annotations.putIfAbsent(name.text(), value) != null) {
        throw new CedarParseException(
            name.span(), "the annotation is written twice", "remove one of them");
      }
    }
    return annotations;
  }

  private void descend(Span span) {
    if (++depth > MAX_DEPTH) {
      throw new CedarParseException(
          span, "types nest deeper than " + MAX_DEPTH, "give the inner ones names of their own");
    }
  }
}
