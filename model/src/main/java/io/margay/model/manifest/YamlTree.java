package io.margay.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;

/**
 * Builds the JSON tree of one YAML document from the parser's events: one pass, no tree of YAML
 * nodes in between, which for a file of many megabytes would be several times the text.
 */
final class YamlTree {
  /**
   * How many values aliases may add to a document. Nested aliases multiply: nine lines can stand
   * for billions of values.
   */
  private static final int MAX_ALIASED_VALUES = 100_000;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Parser parser;
  private final Map<String, JsonNode> anchors = new HashMap<>();
  private long aliasedValues;
  private int depth;

  /** Reads from a parser that has passed the start of a document. */
  YamlTree(Parser parser) {
    this.parser = parser;
  }

  JsonNode read() throws DocumentException {
    return value(parser.getEvent());
  }

  private JsonNode value(Event event) throws DocumentException {
    return switch (event) {
      case AliasEvent alias -> aliased(alias);
      case ScalarEvent scalar -> anchored(scalar, YamlScalar.read(scalar, NODES));
      case SequenceStartEvent start -> sequence(start);
      case MappingStartEvent start -> mapping(start);
      default ->
          throw DocumentReader.failure("not YAML: a value is missing", "", event.getStartMark());
    };
  }

  private JsonNode sequence(SequenceStartEvent start) throws DocumentException {
    enter(start.getStartMark());
    ArrayNode array = NODES.arrayNode();
    while (!(parser.peekEvent() instanceof SequenceEndEvent)) {
      array.add(value(parser.getEvent()));
    }
    parser.getEvent();
    depth--;
    return anchored(start, array);
  }

  private JsonNode mapping(MappingStartEvent start) throws DocumentException {
    enter(start.getStartMark());
    ObjectNode object = NODES.objectNode();
    Set<String> merged = new HashSet<>();
    while (!(parser.peekEvent() instanceof MappingEndEvent)) {
      Event keyEvent = parser.getEvent();
      Mark at = keyEvent.getStartMark();
      JsonNode key = value(keyEvent);
      if (key.isContainerNode()) {
        throw DocumentReader.failure("a key is not text", "write a name before the colon", at);
      }
      JsonNode value = value(parser.getEvent());
      if (key.asText().equals("<<") && isPlain(keyEvent)) {
        merge(object, merged, value, at);
      } else {
        put(object, merged, keyText(keyEvent, key), value, at);
      }
    }
    parser.getEvent();
    depth--;
    return anchored(start, object);
  }

  /** A key is the text that was written: {@code on:} is not {@code true:}. */
  private static String keyText(Event event, JsonNode key) {
    return event instanceof ScalarEvent scalar ? scalar.getValue() : key.asText();
  }

  private static boolean isPlain(Event event) {
    return event instanceof ScalarEvent scalar && scalar.isPlain();
  }

  private static void put(
      ObjectNode object, Set<String> merged, String key, JsonNode value, Mark at)
      throws DocumentException {
    if (object.has(key) && !merged.remove(key)) {
      throw DocumentReader.failure(
          "the key \"" + key + "\" stands twice", "leave one of them out", at);
    }
    object.set(key, value);
  }

  /** {@code <<: *defaults}: fields that are not written otherwise, earlier or later. */
  private static void merge(ObjectNode object, Set<String> merged, JsonNode value, Mark at)
      throws DocumentException {
    Iterable<JsonNode> sources = value.isArray() ? value : List.of(value);
    for (JsonNode source : sources) {
      if (!source.isObject()) {
        throw DocumentReader.failure("<< merges what is not a map", "write an alias of a map", at);
      }
      source
          .properties()
          .forEach(p -> {
            if (!object.has(p.getKey())) {
              object.set(p.getKey(), p.getValue());
              merged.add(p.getKey());
            }
          });
    }
  }

  private JsonNode aliased(AliasEvent alias) throws DocumentException {
    JsonNode named = anchors.get(alias.getAnchor());
    if (named == null) {
      throw DocumentReader.failure(
          "the alias *" + alias.getAnchor() + " names no finished value",
          "write &" + alias.getAnchor() + " before it",
          alias.getStartMark());
    }
    aliasedValues += size(named, MAX_ALIASED_VALUES - aliasedValues + 1);
    if (aliasedValues > MAX_ALIASED_VALUES) {
      throw DocumentReader.failure(
          "aliases stand for more than " + MAX_ALIASED_VALUES + " values",
          "write the values out",
          alias.getStartMark());
    }
    return named.deepCopy();
  }

  /** The number of values in a tree, counted no further than a limit. */
  private static long size(JsonNode node, long limit) {
    long size = 1;
    for (JsonNode child : node) {
      if (size > limit) {
        return size;
      }
      size += size(child, limit - size);
    }
    return size;
  }

  private JsonNode anchored(NodeEvent event, JsonNode value) {
    String anchor = event.getAnchor();
    if (anchor != null) {
      anchors.put(anchor, value);
    }
    return value;
  }

  private void enter(@Nullable Mark at) throws DocumentException {
    if (++depth > DocumentReader.MAX_DEPTH) {
      throw DocumentReader.failure(
          "nested more than " + DocumentReader.MAX_DEPTH + " deep", "write it flatter", at);
    }
  }
}
