package io.margay.console.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Json;
import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.PolicyMatch;
import io.margay.flows.query.StringMatch;
import io.margay.model.resource.RuleAction;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code filters} parameter. A filter that is not understood is refused, never widened.
 */
final class FilterReader {
  private static final int MAX_LENGTH = 8 * 1024;
  private static final String GLOBAL = "Global";
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "source_names",
              "source_namespaces",
              "dest_names",
              "dest_namespaces",
              "namespaces",
              "protocols",
              "dest_ports",
              "actions",
              "pending_actions",
              "policies",
              "reporter",
              "pending_differs"));
  private static final Set<String> POLICY_FIELDS =
      new TreeSet<>(Set.of("kind", "tier", "namespace", "name", "action"));
  private static final Map<String, StringMatch.Type> MATCH_TYPES =
      Map.of("Exact", StringMatch.Type.EXACT, "Fuzzy", StringMatch.Type.FUZZY);

  private final JsonNode filter;

  private FilterReader(JsonNode filter) {
    this.filter = filter;
  }

  /** The filter that a text stands for. */
  static FlowFilter read(String text) {
    if (text.length() > MAX_LENGTH) {
      throw HttpFailure.badRequest(
          "filters has %d characters, at most %d are read".formatted(text.length(), MAX_LENGTH));
    }
    JsonNode filter = parse(text);
    if (!filter.isObject()) {
      throw wrong("", "not a JSON object");
    }
    checkFields(filter, FIELDS, "");
    return new FilterReader(filter).filter();
  }

  /** Whisker's page encodes the value once more than its query needs. */
  private static JsonNode parse(String text) {
    String json = text.stripLeading();
    if (json.startsWith("%")) {
      try {
        json = URLDecoder.decode(json, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw wrong("", "not URL-encoded: " + e.getMessage());
      }
    }
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw wrong("", Json.notJson(e));
    }
  }

  private FlowFilter filter() {
    return new FlowFilter(
        names("source_names"),
        namespaces("source_namespaces"),
        names("dest_names"),
        namespaces("dest_namespaces"),
        namespaces("namespaces"),
        list("protocols", FilterReader::stringMatch),
        list("dest_ports", FilterReader::port),
        list("actions", FilterReader::action),
        list("pending_actions", FilterReader::action),
        list("policies", FilterReader::policy),
        reporter(),
        pendingDiffers());
  }

  private <T> List<T> list(String field, Function<At, T> read) {
    JsonNode values = filter.path(field);
    if (values.isMissingNode() || values.isNull()) {
      return List.of();
    }
    if (!values.isArray()) {
      throw wrong(field, "not a list");
    }
    List<T> read1 = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      read1.add(read.apply(new At(field + "[" + i + "]", values.get(i))));
    }
    return read1;
  }

  /** A value with its path, for messages. */
  private record At(String path, JsonNode value) {}

  private List<StringMatch> names(String field) {
    return known(
        list(field, FilterReader::stringMatch),
        Map.of(
            FlowJson.PUBLIC_NETWORK, FlowPeer.PUBLIC, FlowJson.PRIVATE_NETWORK, FlowPeer.PRIVATE));
  }

  private List<StringMatch> namespaces(String field) {
    return known(list(field, FilterReader::stringMatch), Map.of(GLOBAL, FlowPeer.NO_NAMESPACE));
  }

  /** Lets what is shown under another name be found by the name that is shown. */
  private static List<StringMatch> known(List<StringMatch> asked, Map<String, String> shownAs) {
    List<StringMatch> all = new ArrayList<>(asked);
    for (StringMatch match : asked) {
      shownAs.forEach((shown, name) -> {
        if (match.matches(shown)) {
          all.add(StringMatch.exact(name));
        }
      });
    }
    return all;
  }

  private static StringMatch stringMatch(At at) {
    String value = field(at, "value");
    if (value == null) {
      throw wrong(at.path(), "has no value, write {\"value\": \"…\", \"type\": \"Exact\"}");
    }
    checkFields(at.value(), Set.of("value", "type"), at.path());
    String type = field(at, "type");
    StringMatch.Type matchType = MATCH_TYPES.get(type == null ? "Exact" : type);
    if (matchType == null) {
      throw wrong(at.path() + ".type", "\"" + type + "\" is not Exact or Fuzzy");
    }
    return new StringMatch(value, matchType);
  }

  private static int port(At at) {
    JsonNode value = at.value().isObject() ? at.value().path("value") : at.value();
    if (at.value().isObject()) {
      checkFields(at.value(), Set.of("value", "type"), at.path());
    }
    if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > 65535) {
      throw wrong(at.path(), value + " is not a port from 0 to 65535");
    }
    return value.asInt();
  }

  private static RuleAction action(At at) {
    return action(at.path(), at.value().asText());
  }

  private static RuleAction action(String path, String text) {
    return switch (text) {
      case "Allow" -> RuleAction.ALLOW;
      case "Deny" -> RuleAction.DENY;
      case "Pass" -> RuleAction.PASS;
      default -> throw wrong(path, "\"" + text + "\" is not Allow, Deny or Pass");
    };
  }

  private static PolicyMatch policy(At at) {
    checkFields(at.value(), POLICY_FIELDS, at.path());
    String action = field(at, "action");
    String namespace = field(at, "namespace");
    boolean global = GLOBAL.equals(namespace) || FlowPeer.NO_NAMESPACE.equals(namespace);
    return new PolicyMatch(
        field(at, "kind"),
        field(at, "tier"),
        global ? "" : namespace,
        field(at, "name"),
        action == null ? null : action(at.path() + ".action", action));
  }

  /** A text field; absent and empty ask for nothing. */
  private static @Nullable String field(At at, String name) {
    if (!at.value().isObject()) {
      throw wrong(at.path(), "not a JSON object");
    }
    JsonNode value = at.value().path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(at.path() + "." + name, value + " is not a text");
    }
    return value.asText().isEmpty() ? null : value.asText();
  }

  private @Nullable Reporter reporter() {
    JsonNode value = filter.path("reporter");
    if (value.isMissingNode() || value.isNull() || value.asText().isEmpty()) {
      return null;
    }
    return switch (value.asText()) {
      case "Src" -> Reporter.SOURCE;
      case "Dst" -> Reporter.DESTINATION;
      default -> throw wrong("reporter", value + " is not Src or Dst");
    };
  }

  private boolean pendingDiffers() {
    JsonNode value = filter.path("pending_differs");
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong("pending_differs", value + " is not true or false");
    }
    return value.asBoolean();
  }

  private static void checkFields(JsonNode object, Set<String> known, String path) {
    if (!object.isObject()) {
      throw wrong(path, "not a JSON object");
    }
    object
        .fieldNames()
        .forEachRemaining(name -> {
          if (!known.contains(name)) {
            throw wrong(path, "\"" + name + "\" is not one of " + String.join(", ", known));
          }
        });
  }

  private static HttpFailure wrong(String path, String reason) {
    return HttpFailure.badRequest("filters" + (path.isEmpty() ? "" : "." + path) + ": " + reason);
  }
}
