package io.margay.agents.decide;

import io.margay.agents.call.Ruling.Hold;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Annotation;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Template;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a permit asks for before its calls go on: {@code
 * @hold("approvers=security,platform;count=2;seconds=300;webhook=hash")}. Each may be left out. The
 * group {@code self} stands for the user on whose behalf the call is made, who else may not approve
 * it. The webhook gets the exact arguments, or with {@code webhook=hash} their hash.
 */
final class HoldAnnotation {
  private static final String NAME = "hold";
  private static final int MOST_PEOPLE = 20;
  private static final int LONGEST = 7 * 24 * 3_600;
  private static final int SECONDS = 300;

  private HoldAnnotation() {}

  /**
   * What a policy asks for; empty when it holds nothing.
   *
   * @throws CedarParseException when the annotation cannot be read, or stands on a forbid
   */
  static Optional<Hold> of(Template policy) {
    Annotation annotation = policy.annotation(NAME).orElse(null);
    if (annotation == null) {
      return Optional.empty();
    }
    if (policy.effect() == Effect.FORBID) {
      throw new CedarParseException(
          annotation.span(), "a forbid holds nothing", "write @hold on a permit");
    }
    Map<String, String> parts = new TreeMap<>();
    String text = annotation.value().orElse("");
    for (String part : text.isBlank() ? List.<String>of() : List.of(text.split(";", -1))) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part.strip() : part.substring(0, equals).strip();
      boolean known = List.of("approvers", "count", "seconds", "webhook").contains(key);
      if (equals < 0 || !known || parts.put(key, part.substring(equals + 1).strip()) != null) {
        throw unreadable(annotation, part);
      }
    }
    return Optional.of(
        new Hold(
            approvers(annotation, parts.get("approvers")),
            number(annotation, parts.getOrDefault("count", "1"), MOST_PEOPLE),
            number(annotation, parts.getOrDefault("seconds", "" + SECONDS), LONGEST),
            hashOnly(annotation, parts.getOrDefault("webhook", "arguments"))));
  }

  private static boolean hashOnly(Annotation annotation, String text) {
    return switch (text) {
      case "hash" -> true;
      case "arguments" -> false;
      default -> throw unreadable(annotation, "webhook=" + text);
    };
  }

  private static List<String> approvers(Annotation annotation, @Nullable String text) {
    if (text == null) {
      return List.of();
    }
    List<String> groups = Arrays.stream(text.split(",", -1)).map(String::strip).sorted().toList();
    // A list that says nothing would let anybody approve.
    if (groups.stream().anyMatch(String::isEmpty)) {
      throw unreadable(annotation, "approvers=" + text);
    }
    return groups;
  }

  private static int number(Annotation annotation, String text, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new CedarParseException(
        annotation.span(), "\"" + text + "\" is no number from 1 to " + most, "");
  }

  private static CedarParseException unreadable(Annotation annotation, String part) {
    return new CedarParseException(
        annotation.span(),
        "cannot read \"" + part + "\"",
        "write @hold(\"approvers=security,platform;count=2;seconds=300\")");
  }

  /**
   * What satisfies all of several holds: the most people, the least time, only groups that each of
   * them accepts, and only the hash where one wants that. Empty when nobody is in such a group.
   */
  static Optional<Hold> strictest(Collection<Hold> holds) {
    List<String> approvers =
        holds.stream()
            .map(Hold::approvers)
            .filter(groups -> !groups.isEmpty())
            .reduce((a, b) -> a.stream().filter(b::contains).toList())
            .orElse(List.of());
    boolean anybody = holds.stream().allMatch(hold -> hold.approvers().isEmpty());
    if (approvers.isEmpty() && !anybody) {
      return Optional.empty();
    }
    return Optional.of(
        new Hold(
            approvers,
            holds.stream().mapToInt(Hold::count).max().orElse(1),
            holds.stream().map(Hold::seconds).min(Comparator.naturalOrder()).orElse(SECONDS),
            holds.stream().anyMatch(Hold::hashOnly)));
  }
}
