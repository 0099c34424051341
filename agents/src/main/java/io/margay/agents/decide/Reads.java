package io.margay.agents.decide;

import io.margay.cedar.Request;
import io.margay.cedar.eval.AttributeRead;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import java.util.Collection;
import java.util.List;

/** Writes down which attributes a decision looked at: {@code principal.risk_level=low}. */
final class Reads {
  /** What calls carry is for the keyed hash of the audit, not for its text. */
  private static final List<String> PAYLOAD = List.of("arguments", "arguments_json");

  private static final int LONGEST_VALUE = 200;

  private Reads() {}

  static List<String> text(Request request, Collection<AttributeRead> reads) {
    return reads.stream().map(read -> text(request, read)).distinct().toList();
  }

  private static String text(Request request, AttributeRead read) {
    String owner = read.entity().map(uid -> name(request, uid)).orElse("context");
    String value =
        read.entity().isEmpty() && PAYLOAD.contains(read.name())
            ? "(not recorded)"
            : read.value().map(Reads::text).orElse("(none)");
    return owner + "." + read.name() + "=" + value;
  }

  private static String name(Request request, EntityUid uid) {
    if (uid.equals(request.principal())) {
      return "principal";
    }
    return uid.equals(request.resource()) ? "resource" : uid.toString();
  }

  private static String text(Value value) {
    String text = value instanceof StringValue(String plain) ? plain : value.toString();
    return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "…" : text;
  }

  /** Whether a policy looked at a call's typed arguments. */
  static boolean ofArguments(Collection<AttributeRead> reads) {
    return reads.stream()
        .anyMatch(read -> read.entity().isEmpty() && read.name().equals("arguments"));
  }
}
