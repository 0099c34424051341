package io.margay.agents.audit.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.margay.agents.audit.WrittenTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongConsumer;

/**
 * Reads from a record's bytes what an index keeps of it: its time, and the words of {@link Terms}.
 * It passes over all else, where a record with its tree takes five times as long; and two records
 * are made of each call.
 */
final class StoredTerms {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser json;
  private final LongConsumer words;
  private Instant time = Instant.MIN;

  private StoredTerms(JsonParser json, LongConsumer words) {
    this.json = json;
    this.words = words;
  }

  /** Reads one member, whose name is the parser's and whose value comes next. */
  @FunctionalInterface
  private interface Member {
    void read(String name) throws IOException;
  }

  /**
   * Reads a record.
   *
   * @param words takes the hash of each; the same one may come several times
   * @return when it was written, in microseconds since 1970
   * @throws IllegalArgumentException if it is none
   */
  static long read(byte[] record, LongConsumer words) {
    try (JsonParser json = JSON.createParser(record)) {
      StoredTerms terms = new StoredTerms(json, words);
      json.nextToken();
      terms.object(terms::record);
      if (terms.time.equals(Instant.MIN)) {
        throw new IllegalArgumentException("time is missing");
      }
      return ChronoUnit.MICROS.between(Instant.EPOCH, terms.time);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("time is not a time", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void record(String name) throws IOException {
    switch (name) {
      case "event" -> object(this::event);
      case "time" -> time = WrittenTime.parse(json.getText());
      default -> json.skipChildren();
    }
  }

  private void event(String name) throws IOException {
    switch (name) {
      case "about", "actor", "kind" -> word(name + "=", json.getText());
      case "caller" -> object(this::caller);
      case "decision" -> object(this::decision);
      case "target" -> target();
      case "trace" -> object(this::trace);
      default -> json.skipChildren();
    }
  }

  private void caller(String name) throws IOException {
    switch (name) {
      case "chain" -> list("agent=");
      case "user" -> user();
      case "workload" -> word("agent=", json.getText());
      default -> json.skipChildren();
    }
  }

  private void user() throws IOException {
    String[] found = texts("issuer", "subject");
    word("user=", found[1]);
    word("user=" + found[0] + "#", found[1]);
  }

  private void target() throws IOException {
    String[] found = texts("server", "name");
    word("target=", found[0]);
    word("target=" + found[0] + "/", found[1]);
  }

  private void decision(String name) throws IOException {
    switch (name) {
      case "enforced" -> object(this::enforced);
      case "pending" -> object(this::ruling);
      default -> json.skipChildren();
    }
  }

  private void enforced(String name) throws IOException {
    if (name.equals("verdict")) {
      word("verdict=", json.getText());
    } else {
      ruling(name);
    }
  }

  private void ruling(String name) throws IOException {
    if (name.equals("policies")) {
      list("policy=");
    } else {
      json.skipChildren();
    }
  }

  private void trace(String name) throws IOException {
    if (name.equals("trace")) {
      word("trace=", json.getText());
    } else {
      json.skipChildren();
    }
  }

  private void object(Member member) throws IOException {
    require(JsonToken.START_OBJECT);
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      member.read(name);
    }
    require(JsonToken.END_OBJECT);
  }

  private void list(String prefix) throws IOException {
    require(JsonToken.START_ARRAY);
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      word(prefix, json.getText());
    }
    require(JsonToken.END_ARRAY);
  }

  /** Two members of an object, which come in any order. */
  private String[] texts(String first, String second) throws IOException {
    String[] found = {"", ""};
    object(name -> {
      if (name.equals(first)) {
        found[0] = json.getText();
      } else if (name.equals(second)) {
        found[1] = json.getText();
      } else {
        json.skipChildren();
      }
    });
    return found;
  }

  private void require(JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw new IllegalArgumentException(
          json.currentToken()
              + " instead of "
              + token
              + " at byte "
              + json.currentTokenLocation().getByteOffset());
    }
  }

  private void word(String prefix, String rest) {
    words.accept(Terms.hash(Terms.hash(prefix), rest));
  }
}
