package io.margay.agents.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON that has one meaning only: UTF-8 without a byte order mark, no name twice in an object,
 * nothing behind the value, bounded depth. What is decided about has to be what the other side
 * reads.
 */
public final class StrictJson {
  /** Deeper than any message that somebody means. */
  private static final int MAX_DEPTH = 64;

  private static final int MAX_NUMBER_LENGTH = 100;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private StrictJson() {}

  /** Text that is not such JSON. */
  public static final class NotJson extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    NotJson(String message) {
      super(message, null, false, false);
      reason = message;
    }

    /** What is wrong, for the caller. */
    public String reason() {
      return reason;
    }
  }

  /** Reads a value. */
  public static JsonNode read(byte[] bytes) throws NotJson {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new NotJson("the body is not UTF-8");
    }
    return read(text);
  }

  /** Reads a value. */
  public static JsonNode read(String text) throws NotJson {
    if (text.startsWith("\uFEFF")) {
      throw new NotJson("the body begins with a byte order mark");
    }
    try {
      JsonNode value = JSON.readTree(text);
      if (value.isMissingNode()) {
        throw new NotJson("the body is empty");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new NotJson("the body is not JSON: " + e.getOriginalMessage());
    }
  }

  /** Writes a value. */
  public static byte[] write(JsonNode value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
