package io.margay.cedar.parser;

/**
 * A token of Cedar's grammar.
 *
 * @param start offset of the first char
 * @param end offset after the last char
 */
record Token(Kind kind, int start, int end) {

  enum Kind {
    IDENTIFIER("an identifier"),
    NUMBER("a number"),
    STRING("a string"),
    SLOT("a slot"),
    AT("@"),
    DOT("."),
    COMMA(","),
    SEMICOLON(";"),
    COLON(":"),
    DOUBLE_COLON("::"),
    LEFT_PAREN("("),
    RIGHT_PAREN(")"),
    LEFT_BRACE("{"),
    RIGHT_BRACE("}"),
    LEFT_BRACKET("["),
    RIGHT_BRACKET("]"),
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_EQUAL("<="),
    GREATER(">"),
    GREATER_EQUAL(">="),
    OR("||"),
    AND("&&"),
    PLUS("+"),
    MINUS("-"),
    STAR("*"),
    SLASH("/"),
    PERCENT("%"),
    NOT("!"),
    SINGLE_EQUAL("="),
    END("the end of the text");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** For messages. */
    String text() {
      return text;
    }
  }
}
