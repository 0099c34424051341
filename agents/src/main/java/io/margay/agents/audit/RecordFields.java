package io.margay.agents.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The members of a JSON object, by type; what is missing or of another type is refused by name. */
record RecordFields(JsonNode json) {

  RecordFields object(String name) {
    JsonNode value = json.path(name);
    if (!value.isObject()) {
      throw wrong(name, "an object");
    }
    return new RecordFields(value);
  }

  Optional<RecordFields> optionalObject(String name) {
    return json.has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  String text(String name) {
    JsonNode value = json.path(name);
    if (!value.isTextual()) {
      throw wrong(name, "a string");
    }
    return value.textValue();
  }

  /** Empty if it is not there: what is empty is not written. */
  String optionalText(String name) {
    return json.has(name) ? text(name) : "";
  }

  long number(String name) {
    JsonNode value = json.path(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "an integer");
    }
    return value.longValue();
  }

  Optional<Long> optionalNumber(String name) {
    return json.has(name) ? Optional.of(number(name)) : Optional.empty();
  }

  Instant time(String name) {
    try {
      return WrittenTime.parse(text(name));
    } catch (DateTimeException e) {
      throw wrong(name, "a time such as 2026-11-27T10:00:00Z", e);
    }
  }

  List<String> texts(String name) {
    JsonNode values = json.path(name);
    if (!values.isArray()) {
      throw wrong(name, "a list of strings");
    }
    List<String> texts = new ArrayList<>(values.size());
    for (JsonNode value : values) {
      if (!value.isTextual()) {
        throw wrong(name, "a list of strings");
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  List<String> optionalTexts(String name) {
    return json.has(name) ? texts(name) : List.of();
  }

  <E extends Enum<E>> E oneOf(String name, Class<E> type) {
    String value = text(name);
    try {
      return Enum.valueOf(type, value);
    } catch (IllegalArgumentException e) {
      throw wrong(name, "a " + type.getSimpleName().toLowerCase(Locale.ROOT), e);
    }
  }

  private IllegalArgumentException wrong(String name, String wanted) {
    return new IllegalArgumentException(name + " is not " + wanted + ": " + json.path(name));
  }

  private IllegalArgumentException wrong(String name, String wanted, Exception cause) {
    return new IllegalArgumentException(name + " is not " + wanted + ": " + json.path(name), cause);
  }
}
