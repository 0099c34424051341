package io.margay.cedar.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.json.JsonTree.Arr;
import io.margay.cedar.json.JsonTree.Bool;
import io.margay.cedar.json.JsonTree.Null;
import io.margay.cedar.json.JsonTree.Num;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.json.JsonTree.Str;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON text into trees. */
public final class JsonTrees {
  /** Deeper documents are refused, not recursed into. */
  public static final int MAX_DEPTH = 500;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final SourceText source;
  private final JsonParser parser;

  private JsonTrees(SourceText source, JsonParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /**
   * The one value that a text holds.
   *
   * @throws CedarParseException for what is no JSON, for a key that is there twice, and for more
   *     than one value
   */
  public static JsonTree read(SourceText source) {
    try (JsonParser parser = FACTORY.createParser(source.text())) {
      JsonTrees trees = new JsonTrees(source, parser);
      if (parser.nextToken() == null) {
        throw new CedarParseException(
            new Span(source, 0, 0), "the JSON text is empty", "write an object or a list");
      }
      JsonTree value = trees.value();
      if (parser.nextToken() != null) {
        throw new CedarParseException(
            trees.from(trees.start()), "there is more after the JSON value", "remove it");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw malformed(source, e);
    } catch (IOException e) {
      // The text is in memory: nothing is read.
      throw new UncheckedIOException(e);
    }
  }

  private static CedarParseException malformed(SourceText source, JsonProcessingException e) {
    int at = e.getLocation() == null ? 0 : (int) e.getLocation().getCharOffset();
    int end = Math.min(Math.max(at, 0), source.text().length());
    int start = Math.max(0, end - 1);
    return new CedarParseException(
        new Span(source, start, end), "not JSON: " + e.getOriginalMessage(), "");
  }

  private int start() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private Span from(int start) {
    return new Span(source, start, (int) parser.currentLocation().getCharOffset());
  }

  private JsonTree value() throws IOException {
    int start = start();
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(start);
      case START_ARRAY -> array(start);
      case VALUE_STRING -> {
        String text = parser.getText();
        yield new Str(text, from(start));
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        String text = parser.getText();
        yield new Num(text, new Span(source, start, start + text.length()));
      }
      case VALUE_TRUE, VALUE_FALSE -> new Bool(token == JsonToken.VALUE_TRUE, from(start));
      case VALUE_NULL -> new Null(from(start));
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value begins with " + token);
    };
  }

  private Obj object(int start) throws IOException {
    Map<String, JsonTree> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      fields.put(key, value());
    }
    return new Obj(fields, from(start));
  }

  private Arr array(int start) throws IOException {
    List<JsonTree> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value());
    }
    return new Arr(elements, from(start));
  }
}
