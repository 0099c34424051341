package io.margay.agents.identity.token;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The claims of a token; a claim of the wrong type is a reason to refuse it, never a default. */
public final class Claims {
  /** The year 9999: later times are nonsense, and arithmetic with them overflows. */
  private static final long LAST_SECOND = 253_402_300_799L;

  private final String what;
  private final Map<String, Object> values;

  Claims(String what, Map<String, Object> values) {
    this.what = what;
    // JSON has null, and a claim that is null says nothing.
    Map<String, Object> present = new LinkedHashMap<>();
    values.forEach((name, value) -> {
      if (value != null) {
        present.put(name, value);
      }
    });
    this.values = present;
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** All of them, as JSON's types. */
  public Map<String, Object> asMap() {
    return Map.copyOf(values);
  }

  public String string(String name) throws RefusedTokenException {
    return optionalString(name).orElseThrow(() -> missing(name));
  }

  public Optional<String> optionalString(String name) throws RefusedTokenException {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String text && !text.isEmpty()) {
      return Optional.of(text);
    }
    throw wrong(name, "a string that is not empty");
  }

  public int integer(String name) throws RefusedTokenException {
    Object value = values.get(name);
    if (value instanceof Number number && number.doubleValue() == number.intValue()) {
      return number.intValue();
    }
    throw value == null ? missing(name) : wrong(name, "a whole number");
  }

  public boolean bool(String name) throws RefusedTokenException {
    Object value = values.get(name);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw wrong(name, "true or false");
  }

  /** A time in seconds since 1970. Fractions are allowed and cut off. */
  public Optional<Instant> time(String name) throws RefusedTokenException {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= LAST_SECOND) {
      return Optional.of(Instant.ofEpochSecond(number.longValue()));
    }
    throw wrong(name, "a time in seconds");
  }

  /** A string, or a list of strings. */
  public List<String> strings(String name) throws RefusedTokenException {
    Object value = values.get(name);
    return switch (value) {
      case null -> List.of();
      case String text -> List.of(text);
      case Collection<?> many -> texts(name, many);
      default -> throw wrong(name, "a string or a list of strings");
    };
  }

  private List<String> texts(String name, Collection<?> many) throws RefusedTokenException {
    List<String> texts = new ArrayList<>(many.size());
    for (Object one : many) {
      if (!(one instanceof String text)) {
        throw wrong(name, "a list of strings");
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  /** Names and values of an object. */
  public Optional<Claims> object(String name) throws RefusedTokenException {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> inner = new LinkedHashMap<>();
      map.forEach((key, one) -> inner.put(String.valueOf(key), one));
      return Optional.of(new Claims(what + ": " + name, inner));
    }
    throw wrong(name, "an object");
  }

  /** The words of {@code scope} (RFC 6749), or of {@code scp} where an issuer writes that. */
  public Set<String> scope() throws RefusedTokenException {
    @Nullable String name = has("scope") ? "scope" : has("scp") ? "scp" : null;
    Set<String> words = new LinkedHashSet<>();
    if (name != null) {
      for (String part : strings(name)) {
        Arrays.stream(part.split(" ")).filter(word -> !word.isEmpty()).forEach(words::add);
      }
    }
    return words;
  }

  /**
   * Checks exp (which must be there), nbf and iat.
   *
   * @param leeway by how much clocks may differ
   * @return when it expires
   */
  public Instant checkTimes(Instant now, Duration leeway) throws RefusedTokenException {
    Instant expires = time("exp").orElseThrow(() -> missing("exp"));
    if (!now.isBefore(expires.plus(leeway))) {
      throw new RefusedTokenException(what + ": expired at " + expires);
    }
    for (String name : List.of("nbf", "iat")) {
      Optional<Instant> start = time(name);
      if (start.isPresent() && start.get().isAfter(now.plus(leeway))) {
        throw new RefusedTokenException(
            what + ": not valid before " + start.get() + " (" + name + ")");
      }
    }
    return expires;
  }

  /** Checks that the token is meant for one of us. */
  public void checkAudience(Set<String> ours) throws RefusedTokenException {
    List<String> audience = strings("aud");
    if (audience.stream().noneMatch(ours::contains)) {
      throw new RefusedTokenException(what + ": for another audience (aud)");
    }
  }

  private RefusedTokenException missing(String name) {
    return new RefusedTokenException(what + ": claim " + name + " is missing");
  }

  private RefusedTokenException wrong(String name, String instead) {
    return new RefusedTokenException(what + ": claim " + name + " is not " + instead);
  }
}
