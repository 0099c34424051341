package io.margay.flows.shard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Questions and answers as JSON: records as they are, times as ISO 8601. */
final class ShardJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .addModule(
              new SimpleModule()
                  .addSerializer(new Text<>(Instant.class))
                  .addSerializer(new Text<>(Duration.class))
                  .addDeserializer(Instant.class, new Parsed<>(Instant.class, Instant::parse))
                  .addDeserializer(Duration.class, new Parsed<>(Duration.class, Duration::parse)))
          .build();

  private ShardJson() {}

  private static final class Text<T> extends StdScalarSerializer<T> {
    private static final long serialVersionUID = 1;

    Text(Class<T> type) {
      super(type);
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(value.toString());
    }
  }

  private static final class Parsed<T> extends StdScalarDeserializer<T> {
    private static final long serialVersionUID = 1;
    private final transient Function<String, T> parse;

    Parsed(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return parse.apply(json.getText());
    }
  }

  static String question(Question question) {
    try {
      return JSON.writerFor(Question.class).writeValueAsString(question);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a question that cannot be written", e);
    }
  }

  static Question question(String text) throws IOException {
    return JSON.readValue(text, Question.class);
  }

  static String mark(LiveMark mark) {
    try {
      return JSON.writerFor(LiveMark.class).writeValueAsString(mark);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a mark that cannot be written", e);
    }
  }

  static LiveMark mark(String text) throws IOException {
    return JSON.readValue(text, LiveMark.class);
  }

  static String answer(Object answer) {
    try {
      return JSON.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer that cannot be written", e);
    }
  }

  static <T> T answer(String text, TypeReference<T> type) throws IOException {
    return JSON.readValue(text, type);
  }
}
