package io.margay.model.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Takes text apart into JSON documents, with limits that no real manifest meets, so that bad input
 * ends in one clear error and never in exhausted memory or stack.
 */
final class DocumentReader {
  /** How deeply values may be nested. */
  static final int MAX_DEPTH = 100;

  /**
   * The longest line of YAML, in characters. SnakeYAML copies its whole buffer for each thousand
   * characters of a word, so that a word of 20 MB would take minutes. JSON has no such limit.
   */
  static final int MAX_YAML_LINE = 512 << 10;

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(Manifests.MAX_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private static final Pattern JSON_OPENING = Pattern.compile("\\s*\\{\\s*[\"}]");

  private DocumentReader() {}

  static List<Document> read(String text) throws DocumentException {
    if (JSON_OPENING.matcher(text).lookingAt()) {
      try {
        return json(text);
      } catch (DocumentException e) {
        return yamlInBraces(text, e);
      }
    }
    return yaml(text);
  }

  /** What begins with a brace may still be YAML; if it is neither, it was meant as JSON. */
  private static List<Document> yamlInBraces(String text, DocumentException notJson)
      throws DocumentException {
    try {
      return yaml(text);
    } catch (DocumentException notYaml) {
      throw notJson;
    }
  }

  private static List<Document> json(String text) throws DocumentException {
    List<Document> documents = new ArrayList<>();
    try (JsonParser parser = JSON.getFactory().createParser(text)) {
      while (parser.nextToken() != null) {
        int line = parser.currentTokenLocation().getLineNr();
        JsonNode json = JSON.readTree(parser);
        documents.add(new Document(json, line));
      }
      return documents;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      int line = at == null ? 1 : at.getLineNr();
      int column = at == null ? 1 : at.getColumnNr();
      throw new DocumentException(
          "not JSON: " + firstLine(e.getOriginalMessage()), "", line, column);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  private static List<Document> yaml(String text) throws DocumentException {
    refuseLongLines(text);
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(Manifests.MAX_BYTES);
    limits.setProcessComments(false);
    ParserImpl parser = new ParserImpl(new StreamReader(new StringReader(text)), limits);
    List<Document> documents = new ArrayList<>();
    try {
      while (!parser.checkEvent(Event.ID.StreamEnd)) {
        if (parser.checkEvent(Event.ID.DocumentStart)) {
          parser.getEvent();
          int line = parser.peekEvent().getStartMark().getLine() + 1;
          documents.add(new Document(new YamlTree(parser).read(), line));
        } else {
          parser.getEvent();
        }
      }
      return documents;
    } catch (MarkedYAMLException e) {
      throw failure("not YAML: " + problem(e), "", e.getProblemMark());
    } catch (ReaderException e) {
      throw controlCharacter(text, e);
    } catch (YAMLException e) {
      throw failure("not YAML: " + firstLine(e.getMessage()), "", null);
    }
  }

  private static void refuseLongLines(String text) throws DocumentException {
    int line = 1;
    for (int start = 0; start < text.length(); line++) {
      int end = text.indexOf('\n', start);
      if ((end < 0 ? text.length() : end) - start > MAX_YAML_LINE) {
        throw new DocumentException(
            "the line is longer than " + (MAX_YAML_LINE >> 10) + " KiB",
            "break it, or write JSON",
            line,
            1);
      }
      start = end < 0 ? text.length() : end + 1;
    }
  }

  private static DocumentException controlCharacter(String text, ReaderException e) {
    int at = text.offsetByCodePoints(0, Math.min(e.getPosition(), text.length()));
    int lineStart = text.lastIndexOf('\n', at - 1) + 1;
    int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    return new DocumentException(
        "the control character " + String.format("U+%04X", e.getCodePoint()),
        "leave it out",
        line,
        at - lineStart + 1);
  }

  private static String problem(MarkedYAMLException e) {
    String context = e.getContext() == null ? "" : e.getContext() + ", ";
    return firstLine(context + e.getProblem());
  }

  static DocumentException failure(String message, String fix, @Nullable Mark mark) {
    int line = mark == null ? 1 : mark.getLine() + 1;
    int column = mark == null ? 1 : mark.getColumn() + 1;
    return new DocumentException(message, fix, line, column);
  }

  private static String firstLine(@Nullable String message) {
    return message == null
        ? "unreadable"
        : message.lines().findFirst().orElse("unreadable").strip();
  }
}
