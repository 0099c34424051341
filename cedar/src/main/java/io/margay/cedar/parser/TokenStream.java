package io.margay.cedar.parser;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.parser.Token.Kind;
import java.util.List;
import java.util.Set;

/** The tokens of a text, with one to look ahead. */
final class TokenStream {
  /** Words that are no names. */
  static final Set<String> RESERVED =
      Set.of("true", "false", "if", "then", "else", "in", "is", "like", "has");

  /** The namespace that Cedar keeps for itself. */
  static final String OWN_NAMESPACE = "__cedar";

  private final SourceText source;
  private final Lexer lexer;
  private Token token;
  private int lastEnd;

  TokenStream(SourceText source) {
    this.source = source;
    this.lexer = new Lexer(source);
    this.token = lexer.next();
  }

  List<Span> comments() {
    return lexer.comments();
  }

  Kind kind() {
    return token.kind();
  }

  boolean at(Kind kind) {
    return token.kind() == kind;
  }

  /** Whether the next token is this word. */
  boolean atWord(String word) {
    return at(Kind.IDENTIFIER)
        && token.end() - token.start() == word.length()
        && source.text().startsWith(word, token.start());
  }

  int start() {
    return token.start();
  }

  /** The next token's text. */
  String text() {
    return source.text().substring(token.start(), token.end());
  }

  Span span() {
    return new Span(source, token.start(), token.end());
  }

  /** From an offset to the end of the last token taken. */
  Span since(int start) {
    return new Span(source, start, Math.max(start, lastEnd));
  }

  Span take() {
    Span span = span();
    lastEnd = token.end();
    token = lexer.next();
    return span;
  }

  boolean takeIf(Kind kind) {
    if (at(kind)) {
      take();
      return true;
    }
    return false;
  }

  boolean takeWord(String word) {
    if (atWord(word)) {
      take();
      return true;
    }
    return false;
  }

  Span expect(Kind kind, String where) {
    if (!at(kind)) {
      throw unexpected("expected " + kind.text() + " " + where, "");
    }
    return take();
  }

  void expectWord(String word, String where) {
    if (!takeWord(word)) {
      throw unexpected("expected " + word + " " + where, "");
    }
  }

  /** A name that is not reserved: an attribute, a method, a part of a type's name. */
  String name(String what) {
    if (!at(Kind.IDENTIFIER)) {
      throw unexpected("expected " + what, "");
    }
    String name = text();
    if (RESERVED.contains(name)) {
      throw failure(
          span(),
          "a reserved word, not " + what,
          "for an attribute of this name write [\""
              + name
              + "\"], or \""
              + name
              + "\" in a record and after has");
    }
    if (name.equals(OWN_NAMESPACE)) {
      throw failure(span(), "a name that Cedar keeps for itself", "choose another name");
    }
    take();
    return name;
  }

  CedarParseException unexpected(String message, String suggestion) {
    return failure(span(), at(Kind.END) ? message + ", but the text ends" : message, suggestion);
  }

  CedarParseException failure(Span span, String message, String suggestion) {
    return new CedarParseException(span, message, suggestion);
  }

  /**
   * Goes on behind the next semicolon, so that the next policy's errors are found too.
   *
   * @throws CedarParseException when there is no token behind it
   */
  void skipPolicy() {
    if (!at(Kind.SEMICOLON)) {
      lexer.skipPastSemicolon();
    }
    // Whatever comes of the next token: this one is behind us.
    token = new Token(Kind.AT, lastEnd, lastEnd);
    token = lexer.next();
  }
}
