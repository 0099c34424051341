package io.margay.cedar.parser;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.value.EntityUid;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads Cedar's text. All methods throw {@link CedarParseException} for what is not Cedar. */
public final class CedarParser {
  private CedarParser() {}

  /** The policies of a text, {@code policy0}, {@code policy1} and so on by their place in it. */
  public static PolicySet policySet(SourceText source) {
    return PolicySet.of(templates(source));
  }

  /** {@link #policySet(SourceText)} of a text without a name. */
  public static PolicySet policySet(String text) {
    return policySet(new SourceText("", text));
  }

  /** The policies of a text as written, static ones and templates, in its order. */
  public static List<Template> templates(SourceText source) {
    return new PolicyParser(source).policies();
  }

  /**
   * Policies and the comments around and in them.
   *
   * @param comments in order, each with its slashes and without the end of its line
   */
  public record Commented(List<Template> templates, List<Span> comments) {}

  /** As {@link #templates}, with the comments. */
  public static Commented withComments(SourceText source) {
    PolicyParser parser = new PolicyParser(source);
    List<Template> templates = parser.policies();
    return new Commented(templates, List.copyOf(parser.comments()));
  }

  /** A text that is one policy. */
  public static Template template(String id, SourceText source) {
    return new PolicyParser(source).onlyPolicy(id);
  }

  /** A text that is one expression. */
  public static Expr expression(SourceText source) {
    return new PolicyParser(source).onlyExpression();
  }

  /** A text that is one entity's name, {@code User::"alice"}. */
  public static EntityUid entityUid(SourceText source) {
    if (expression(source) instanceof Expr.Literal(EntityUid uid, _)) {
      return uid;
    }
    throw new CedarParseException(
        CedarError.in(
            source.name(), source.text(), "not an entity", "write one like User::\"alice\""));
  }

  /**
   * The text of a file.
   *
   * @throws CedarParseException when the bytes are not UTF-8
   */
  public static SourceText decode(String name, byte[] utf8) {
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    CharBuffer chars = CharBuffer.allocate(utf8.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(bytes, chars, true);
    SourceText source = new SourceText(name, chars.flip().toString());
    if (result.isError()) {
      int end = source.text().length();
      throw new CedarParseException(
          new CedarError(
              name,
              source.line(end),
              source.column(end),
              String.format("0x%02x", utf8[bytes.position()]),
              "not UTF-8",
              "save the file as UTF-8"));
    }
    return source;
  }
}
