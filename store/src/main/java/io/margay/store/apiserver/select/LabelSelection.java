package io.margay.store.apiserver.select;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The label selectors of list and watch: {@code app=web,env!=test,tier in (a,b),!old}. (Calico's
 * own, richer selectors stand in policies, not here.)
 */
record LabelSelection(List<Requirement> requirements) {
  private static final String KEY = "([A-Za-z0-9./_-]+)";
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*" + KEY);
  private static final Pattern EQUALS = Pattern.compile(KEY + "\\s*(==|=|!=)\\s*([A-Za-z0-9._-]*)");
  private static final Pattern IN = Pattern.compile(KEY + "\\s+(in|notin)\\s*\\(([^()]*)\\)");

  /** A comma that is not within parentheses. */
  private static final Pattern SEPARATOR = Pattern.compile(",(?![^()]*\\))");

  LabelSelection {
    requirements = List.copyOf(requirements);
  }

  /** One part of the selector; all must hold. */
  private sealed interface Requirement {
    boolean matches(JsonNode labels);
  }

  private record Exists(String key, boolean wanted) implements Requirement {
    @Override
    public boolean matches(JsonNode labels) {
      return labels.has(key) == wanted;
    }
  }

  /** A missing label is in no set, and so satisfies the negation. */
  private record In(String key, Set<String> values, boolean wanted) implements Requirement {
    @Override
    public boolean matches(JsonNode labels) {
      return (labels.has(key) && values.contains(labels.get(key).asText())) == wanted;
    }
  }

  static LabelSelection parse(String text) {
    List<Requirement> requirements = new ArrayList<>();
    if (!text.isBlank()) {
      for (String part : SEPARATOR.split(text, -1)) {
        requirements.add(requirement(part.strip()));
      }
    }
    return new LabelSelection(requirements);
  }

  private static Requirement requirement(String part) {
    Matcher equals = EQUALS.matcher(part);
    if (equals.matches()) {
      return new In(equals.group(1), Set.of(equals.group(3)), !equals.group(2).equals("!="));
    }
    Matcher in = IN.matcher(part);
    if (in.matches()) {
      Set<String> values =
          Arrays.stream(in.group(3).split(",", -1)).map(String::strip).collect(Collectors.toSet());
      return new In(in.group(1), values, in.group(2).equals("in"));
    }
    Matcher exists = EXISTS.matcher(part);
    if (exists.matches()) {
      return new Exists(exists.group(2), exists.group(1).isEmpty());
    }
    throw new ApiException(
        Reason.BAD_REQUEST,
        "labelSelector: \"" + part + "\" is no requirement; write key=value, key in (a,b) or !key");
  }

  boolean matches(JsonNode labels) {
    return requirements.stream().allMatch(requirement -> requirement.matches(labels));
  }

  boolean isEverything() {
    return requirements.isEmpty();
  }
}
