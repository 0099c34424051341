package io.margay.console.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.model.manifest.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;

/** Writes JSON texts, and tells what is wrong with those of others. */
public final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final JsonFactory FACTORY = MAPPER.getFactory();
  private static final Pattern PARSER_TALK = Pattern.compile(" \\(start marker at \\[[^]]*]\\)");

  private Json() {}

  /** Writes one value. */
  @FunctionalInterface
  public interface Value {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** The UTF-8 bytes of a value, without line breaks. */
  public static byte[] bytes(Value value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      value.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** The same as a tree. */
  public static JsonNode tree(Value value) {
    try {
      return MAPPER.readTree(bytes(value));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /** Why a text is no JSON and where, without what only the parser's makers understand. */
  public static String notJson(JsonProcessingException e) {
    String reason = PARSER_TALK.matcher(e.getOriginalMessage()).replaceAll("");
    JsonLocation at = e.getLocation();
    return at == null
        ? "not JSON: " + reason
        : "not JSON (line %d, column %d): %s".formatted(at.getLineNr(), at.getColumnNr(), reason);
  }

  /** As Whisker's backend and the server itself tell errors. */
  static byte[] error(String message) {
    return bytes(json -> {
      json.writeStartObject();
      json.writeStringField("error", message);
      json.writeEndObject();
    });
  }

  static byte[] failure(HttpFailure failure) {
    return bytes(json -> {
      json.writeStartObject();
      json.writeStringField("error", failure.reason());
      writeProblems("problems", failure.problems(), json);
      json.writeEndObject();
    });
  }

  /** A field with what is wrong, thing by thing. */
  public static void writeProblems(String field, List<Problem> problems, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Problem problem : problems) {
      json.writeStartObject();
      json.writeStringField("resource", problem.resource());
      json.writeStringField("field", problem.field());
      json.writeStringField("value", problem.value());
      json.writeStringField("reason", problem.reason());
      json.writeStringField("fix", problem.fix());
      json.writeStringField("text", text(problem));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** A problem that is in nothing in particular is its reason alone. */
  private static String text(Problem problem) {
    return problem.resource().isEmpty() && problem.field().isEmpty() && problem.value().isEmpty()
        ? problem.reason()
        : problem.toString();
  }
}
