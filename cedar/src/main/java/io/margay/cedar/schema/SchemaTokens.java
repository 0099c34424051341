package io.margay.cedar.schema;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.value.CedarText;
import java.util.ArrayList;
import java.util.List;

/** Splits a schema into tokens. Comments run from {@code //} to the end of the line. */
final class SchemaTokens {

  enum Kind {
    IDENTIFIER,
    STRING,
    PUNCTUATION,
    END
  }

  /** A token; its text is what is written, with the quotes of a string. */
  record Token(Kind kind, String text, Span span) {
    boolean is(String punctuation) {
      return kind == Kind.PUNCTUATION && text.equals(punctuation);
    }

    /** Words are keywords only where the grammar asks for one. */
    boolean isWord(String word) {
      return kind == Kind.IDENTIFIER && text.equals(word);
    }

    String shown() {
      return kind == Kind.END ? "the end of the schema" : text;
    }
  }

  private static final String SINGLE = ",;:{}[]<>=?@()";

  private final SourceText source;
  private final String text;
  private int at;

  private SchemaTokens(SourceText source) {
    this.source = source;
    this.text = source.text();
  }

  static List<Token> of(SourceText source) {
    SchemaTokens tokens = new SchemaTokens(source);
    List<Token> found = new ArrayList<>();
    do {
      found.add(tokens.next());
    } while (found.getLast().kind() != Kind.END);
    return found;
  }

  private Token next() {
    skipBlanks();
    int start = at;
    if (at == text.length()) {
      return token(Kind.END, start);
    }
    char c = text.charAt(at);
    if (CedarText.isIdentifierStart(c)) {
      while (at < text.length() && CedarText.isIdentifierPart(text.charAt(at))) {
        at++;
      }
      return token(Kind.IDENTIFIER, start);
    }
    if (c == '"') {
      skipString(start);
      return token(Kind.STRING, start);
    }
    if (text.startsWith("::", at)) {
      at += 2;
      return token(Kind.PUNCTUATION, start);
    }
    at += Character.charCount(text.codePointAt(at));
    if (SINGLE.indexOf(c) < 0) {
      throw new CedarParseException(
          span(start), "this character has no meaning in a schema", "remove it or quote the name");
    }
    return token(Kind.PUNCTUATION, start);
  }

  private void skipBlanks() {
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("//", at)) {
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
          at++;
        }
      } else {
        return;
      }
    }
  }

  private void skipString(int start) {
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length()) {
      at = text.length();
      throw new CedarParseException(span(start), "the string does not end", "close it with \"");
    }
    at++;
  }

  private Token token(Kind kind, int start) {
    return new Token(kind, text.substring(start, at), span(start));
  }

  private Span span(int start) {
    return new Span(source, start, at);
  }
}
