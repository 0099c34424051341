package io.margay.cedar.schema;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.parser.StringLiterals;
import io.margay.cedar.schema.SchemaDocument.TypeName;
import io.margay.cedar.schema.SchemaTokens.Kind;
import io.margay.cedar.schema.SchemaTokens.Token;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in the tokens of a schema, and the small pieces of grammar that all rules share. */
final class SchemaCursor {
  private final List<Token> tokens;
  private int at;

  SchemaCursor(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(at);
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token previous() {
    return tokens.get(at - 1);
  }

  boolean atEnd() {
    return peek().kind() == Kind.END;
  }

  boolean accept(String punctuation) {
    boolean found = peek().is(punctuation);
    at += found ? 1 : 0;
    return found;
  }

  boolean acceptWord(String word) {
    boolean found = peek().isWord(word);
    at += found ? 1 : 0;
    return found;
  }

  void expect(String punctuation) {
    if (!accept(punctuation)) {
      throw unexpected("\"" + punctuation + "\"");
    }
  }

  /** {@code Set} before a bracket is the set type; alone it is a name like any other. */
  boolean acceptSetOpening() {
    boolean found = peek().isWord("Set") && peek(1).is("<");
    at += found ? 2 : 0;
    return found;
  }

  /** Any word, as the names of annotations are. */
  Token anyIdentifier() {
    Token token = peek();
    if (token.kind() != Kind.IDENTIFIER) {
      throw unexpected("a name");
    }
    at++;
    return token;
  }

  Token identifier() {
    Token token = anyIdentifier();
    if (SchemaNames.isKeyword(token.text())) {
      throw new CedarParseException(
          token.span(), "a word of the Cedar language is no name", "choose another name");
    }
    return token;
  }

  List<Token> identifiers() {
    List<Token> names = new ArrayList<>();
    do {
      names.add(identifier());
    } while (accept(","));
    return names;
  }

  String string() {
    Token token = peek();
    if (token.kind() != Kind.STRING) {
      throw unexpected("a string in quotes");
    }
    at++;
    return StringLiterals.unescape(token.span());
  }

  /** The name of an attribute or action: a word, or anything in quotes. */
  String name() {
    return peek().kind() == Kind.STRING ? string() : identifier().text();
  }

  /** {@code A::B::C}. */
  TypeName path() {
    Token first = identifier();
    StringBuilder text = new StringBuilder(first.text());
    while (accept("::")) {
      text.append("::").append(identifier().text());
    }
    return new TypeName(text.toString(), first.span().to(previous().span()));
  }

  /** Takes {@code A::B::} where a string follows it; takes nothing and gives null otherwise. */
  @Nullable String qualifierBeforeString() {
    int end = 0;
    while (peek(end).kind() == Kind.IDENTIFIER && peek(end + 1).is("::")) {
      end += 2;
    }
    if (end == 0) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < end; i += 2) {
      text.append(i == 0 ? "" : "::").append(identifier().text());
      expect("::");
    }
    return text.toString();
  }

  CedarParseException unexpected(String wanted) {
    Token token = peek();
    return new CedarParseException(
        token.span(),
        token.kind() == Kind.END ? "the schema ends too early" : "this does not belong here",
        "expected " + wanted);
  }
}
