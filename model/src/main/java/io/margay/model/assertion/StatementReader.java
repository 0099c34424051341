package io.margay.model.assertion;

import io.margay.model.net.Cidr;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * Reads what is said about traffic between two sides.
 *
 * <pre>
 *   statement  CLAIM SIDE -> SIDE [ : TRAFFIC]
 *   SIDE       PEERS, or {PEERS, PEERS, …}
 *   PEERS      a selector | namespace(SELECTOR) [&amp;&amp; SELECTOR] | prefix | outside | any
 * </pre>
 */
final class StatementReader<C> {
  private static final String NAMESPACE = "namespace(";
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(/\\d+)?");

  private final String text;
  private final SequencedMap<String, C> claims;

  /** What was read. */
  record Statement<C>(C claim, List<Peers> from, List<Peers> to, Traffic traffic) {}

  /**
   * A reader of one text.
   *
   * @param claims by the words for them, in the order in which messages tell them
   */
  StatementReader(String text, SequencedMap<String, C> claims) {
    this.text = text.strip();
    this.claims = claims;
  }

  Statement<C> read() {
    int blank = text.indexOf(' ');
    String word = blank < 0 ? text : text.substring(0, blank);
    C claim = claims.get(word);
    if (claim == null) {
      throw wrong("\"" + word + "\" is no claim");
    }
    String rest = blank < 0 ? "" : text.substring(blank);
    int arrow = find(rest, "->", 0);
    if (arrow < 0) {
      throw wrong("there is no \"->\"");
    }
    String right = rest.substring(arrow + 2);
    int colon = find(right, " : ", 0);
    Traffic traffic = Traffic.ALL;
    if (colon >= 0) {
      try {
        traffic = Traffic.parse(right.substring(colon + 3));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(text + ": " + e.getMessage(), e);
      }
      right = right.substring(0, colon);
    }
    return new Statement<>(claim, side(rest.substring(0, arrow)), side(right), traffic);
  }

  private List<Peers> side(String written) {
    String side = written.strip();
    if (side.isEmpty()) {
      throw wrong("one side is empty");
    }
    if (!side.startsWith("{")) {
      return List.of(peers(side));
    }
    if (!side.endsWith("}")) {
      throw wrong("\"" + side + "\" lacks its closing brace");
    }
    String inner = side.substring(1, side.length() - 1).strip();
    List<Peers> all = new ArrayList<>();
    for (int start = 0; start < inner.length(); ) {
      int comma = find(inner, ",", start);
      int end = comma < 0 ? inner.length() : comma;
      all.add(peers(inner.substring(start, end).strip()));
      start = end + 1;
    }
    return all;
  }

  private Peers peers(String written) {
    try {
      return switch (written.toLowerCase(Locale.ROOT)) {
        case "" -> throw wrong("a peer is empty; write all() for all that have labels, or any");
        case "any" -> new Peers.Anybody();
        case "outside" -> new Peers.Outside();
        default ->
            ADDRESS.matcher(written).matches()
                ? new Peers.Within(Cidr.parseStrict(written))
                : selected(written);
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(text + ": \"" + written + "\": " + e.getMessage(), e);
    }
  }

  private static Peers selected(String written) {
    if (!written.startsWith(NAMESPACE)) {
      return new Peers.Selected(written, null, Selector.parse(written));
    }
    int close = closing(written);
    Selector namespaces = Selector.parse(written.substring(NAMESPACE.length(), close));
    String rest = written.substring(close + 1).strip();
    if (rest.isEmpty()) {
      return new Peers.Selected(written, namespaces, null);
    }
    if (!rest.startsWith("&&")) {
      throw new IllegalArgumentException(
          "\"" + rest + "\" cannot follow namespace(…), write namespace(…) && " + rest);
    }
    return new Peers.Selected(written, namespaces, Selector.parse(rest.substring(2)));
  }

  /** The parenthesis that closes the first one. */
  private static int closing(String written) {
    int end = find(written, ")", NAMESPACE.length());
    if (end < 0) {
      throw new IllegalArgumentException("namespace( lacks its closing parenthesis");
    }
    return end;
  }

  /** Where a mark stands outside quotes and brackets, or -1. */
  private static int find(String in, String mark, int start) {
    int depth = 0;
    char quote = 0;
    for (int i = start; i < in.length(); i++) {
      char c = in.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (depth == 0 && in.startsWith(mark, i)) {
        return i;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '(' || c == '{') {
        depth++;
      } else if (c == ')' || c == '}') {
        depth--;
      }
    }
    return -1;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(
        "\"%s\": %s; write: %s FROM -> TO [ : tcp/80]"
            .formatted(text, what, String.join("|", claims.sequencedKeySet())));
  }
}
