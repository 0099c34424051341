package io.margay.cedar.parser;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.parser.Token.Kind;
import io.margay.cedar.value.CedarText;
import java.util.ArrayList;
import java.util.List;

/** Cuts a text into tokens and notes its comments. */
final class Lexer {
  private final SourceText source;
  private final String text;
  private final List<Span> comments = new ArrayList<>();
  private int position;

  Lexer(SourceText source) {
    this.source = source;
    this.text = source.text();
  }

  /** The comments passed so far, each with its slashes and without the end of its line. */
  List<Span> comments() {
    return comments;
  }

  /**
   * The next token, {@link Kind#END} at the end of the text.
   *
   * @throws CedarParseException when there is something that no token starts with. The lexer stands
   *     behind it then.
   */
  Token next() {
    skipBlanks();
    if (position == text.length()) {
      return new Token(Kind.END, position, position);
    }
    char c = text.charAt(position);
    if (CedarText.isIdentifierStart(c)) {
      return take(Kind.IDENTIFIER, identifierEnd(position));
    }
    if (isDigit(c)) {
      return take(Kind.NUMBER, digitsEnd());
    }
    return switch (c) {
      case '"' -> string();
      case '?' -> slot();
      case '@' -> take(Kind.AT, position + 1);
      case '.' -> take(Kind.DOT, position + 1);
      case ',' -> take(Kind.COMMA, position + 1);
      case ';' -> take(Kind.SEMICOLON, position + 1);
      case ':' -> oneOrTwo(':', Kind.COLON, Kind.DOUBLE_COLON);
      case '(' -> take(Kind.LEFT_PAREN, position + 1);
      case ')' -> take(Kind.RIGHT_PAREN, position + 1);
      case '{' -> take(Kind.LEFT_BRACE, position + 1);
      case '}' -> take(Kind.RIGHT_BRACE, position + 1);
      case '[' -> take(Kind.LEFT_BRACKET, position + 1);
      case ']' -> take(Kind.RIGHT_BRACKET, position + 1);
      case '=' -> oneOrTwo('=', Kind.SINGLE_EQUAL, Kind.EQUAL);
      case '!' -> oneOrTwo('=', Kind.NOT, Kind.NOT_EQUAL);
      case '<' -> oneOrTwo('=', Kind.LESS, Kind.LESS_EQUAL);
      case '>' -> oneOrTwo('=', Kind.GREATER, Kind.GREATER_EQUAL);
      case '|' -> doubled('|', Kind.OR);
      case '&' -> doubled('&', Kind.AND);
      case '+' -> take(Kind.PLUS, position + 1);
      case '-' -> take(Kind.MINUS, position + 1);
      case '*' -> take(Kind.STAR, position + 1);
      case '/' -> take(Kind.SLASH, position + 1);
      case '%' -> take(Kind.PERCENT, position + 1);
      case '\'' -> throw failure(position + 1, "not a quote in Cedar", "write \"…\" around texts");
      default ->
          throw failure(
              position + Character.charCount(text.codePointAt(position)),
              "no token of Cedar starts with this character",
              "names are of ASCII letters, digits and _; put other texts in quotes");
    };
  }

  /** Goes on behind the next semicolon that is in no string and no comment, or at the end. */
  void skipPastSemicolon() {
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == ';') {
        return;
      }
      if (c == '"') {
        int end = stringEnd(position);
        position = end < 0 ? text.length() : end;
      } else if (c == '/' && position < text.length() && text.charAt(position) == '/') {
        int lineEnd = text.indexOf('\n', position);
        position = lineEnd < 0 ? text.length() : lineEnd;
      }
    }
  }

  private void skipBlanks() {
    while (position < text.length()) {
      int c = text.codePointAt(position);
      if (isWhitespace(c)) {
        position += Character.charCount(c);
      } else if (c == '/' && position + 1 < text.length() && text.charAt(position + 1) == '/') {
        int start = position;
        while (position < text.length() && !isLineEnd(text.charAt(position))) {
          position++;
        }
        comments.add(new Span(source, start, position));
      } else {
        return;
      }
    }
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r';
  }

  /** Unicode's White_Space property, which also has the spaces that do not break lines. */
  private static boolean isWhitespace(int c) {
    return c == ' '
        || (c >= '\t' && c <= '\r')
        || c == 0x85
        || (c > 0x85 && Character.isSpaceChar(c));
  }

  private int identifierEnd(int from) {
    int end = from;
    while (end < text.length() && CedarText.isIdentifierPart(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private int digitsEnd() {
    int end = position;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Token slot() {
    int end = identifierEnd(position + 1);
    if (end == position + 1 || isDigit(text.charAt(position + 1))) {
      throw failure(position + 1, "not a slot", "write ?principal or ?resource");
    }
    return take(Kind.SLOT, end);
  }

  private Token oneOrTwo(char second, Kind one, Kind two) {
    boolean doubled = position + 1 < text.length() && text.charAt(position + 1) == second;
    return doubled ? take(two, position + 2) : take(one, position + 1);
  }

  private Token doubled(char second, Kind kind) {
    if (position + 1 < text.length() && text.charAt(position + 1) == second) {
      return take(kind, position + 2);
    }
    throw failure(position + 1, "not an operator", "write " + kind.text());
  }

  /** Escapes are only passed over here; {@link StringLiterals} reads them. */
  private Token string() {
    int end = stringEnd(position + 1);
    if (end >= 0) {
      return take(Kind.STRING, end);
    }
    int start = position;
    position = text.length();
    throw new CedarParseException(
        new Span(source, start, text.length()), "a string without an end", "close it with \"");
  }

  /**
   * Where a string ends.
   *
   * @param from behind its opening quote
   * @return behind its closing quote; -1 when it has none
   */
  private int stringEnd(int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }

  private Token take(Kind kind, int end) {
    Token token = new Token(kind, position, end);
    position = end;
    return token;
  }

  private CedarParseException failure(int end, String message, String suggestion) {
    Span span = new Span(source, position, end);
    position = end;
    return new CedarParseException(span, message, suggestion);
  }
}
