package io.margay.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * What an unquoted word means. As in kubectl, the words of YAML 1.1 are true and false, but there
 * are no sexagesimal numbers, so that {@code 80:90} stays a range of ports, and times stay text.
 */
final class YamlScalar {
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUE = Set.of("true", "yes", "on");
  private static final Set<String> FALSE = Set.of("false", "no", "off");
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
  private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7_]+");
  private static final Pattern HEXADECIMAL = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
  private static final Pattern BINARY = Pattern.compile("[-+]?0b[01_]+");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final int LONGEST_NUMBER = 40;

  private YamlScalar() {}

  static JsonNode read(ScalarEvent scalar, JsonNodeFactory nodes) {
    String text = scalar.getValue();
    String tag = scalar.getTag();
    if (!scalar.isPlain() || (tag != null && !tag.equals("!")) || text.length() > LONGEST_NUMBER) {
      return nodes.textNode(text);
    }
    if (NULLS.contains(text)) {
      return nodes.nullNode();
    }
    Boolean word = bool(text);
    if (word != null) {
      return nodes.booleanNode(word);
    }
    char first = text.charAt(0);
    if ((first < '0' || first > '9') && first != '-' && first != '+' && first != '.') {
      return nodes.textNode(text);
    }
    return number(text, nodes);
  }

  /** The words in small letters, capitals, or with a capital at the beginning. */
  private static @Nullable Boolean bool(String text) {
    if (text.length() > 5) {
      return null;
    }
    String small = text.toLowerCase(Locale.ROOT);
    String capital = small.substring(0, 1).toUpperCase(Locale.ROOT) + small.substring(1);
    boolean regular =
        text.equals(small) || text.equals(capital) || text.equals(small.toUpperCase(Locale.ROOT));
    if (regular && TRUE.contains(small)) {
      return true;
    }
    return regular && FALSE.contains(small) ? Boolean.FALSE : null;
  }

  private static JsonNode number(String text, JsonNodeFactory nodes) {
    if (INTEGER.matcher(text).matches()) {
      return integer(text, "", 10, nodes);
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      return integer(text, "0x", 16, nodes);
    }
    if (BINARY.matcher(text).matches()) {
      return integer(text, "0b", 2, nodes);
    }
    if (OCTAL.matcher(text).matches()) {
      return integer(text, text.contains("o") ? "0o" : "0", 8, nodes);
    }
    if (DECIMAL.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? nodes.numberNode(value) : nodes.textNode(text);
    }
    return nodes.textNode(text);
  }

  private static JsonNode integer(String text, String prefix, int radix, JsonNodeFactory nodes) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    digits = digits.substring(prefix.length());
    if (digits.isEmpty()) {
      return nodes.textNode(text);
    }
    BigInteger value = new BigInteger(digits, radix);
    if (negative) {
      value = value.negate();
    }
    if (value.bitLength() > 63) {
      return nodes.numberNode(value);
    }
    long number = value.longValue();
    return (int) number == number ? nodes.numberNode((int) number) : nodes.numberNode(number);
  }
}
