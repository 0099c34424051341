package io.margay.agents.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.cedar.value.BoolValue;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.LongValue;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.SetValue;
import io.margay.cedar.value.StringValue;
import io.margay.cedar.value.Value;
import io.margay.model.resource.ToolArguments;
import io.margay.model.resource.ToolArguments.Argument;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads a call's arguments as its tool declares them. What does not fit is refused: a forbid that
 * asks for {@code amount > 1000} must not be passed by with the text {@code "5000"}.
 */
final class ArgumentReader {
  /** Cedar's decimals are 64-bit numbers of ten thousandths. */
  private static final int FRACTION_DIGITS = 4;

  private ArgumentReader() {}

  /** Arguments that are not as their tool declares them. */
  static final class RefusedArgument extends Exception {
    RefusedArgument(String message) {
      super(message);
    }
  }

  /**
   * The arguments that policies can look at.
   *
   * @throws RefusedArgument when one has another type, is missing or is not declared
   */
  static RecordValue read(ToolArguments tool, JsonNode arguments) throws RefusedArgument {
    if (!arguments.isObject()) {
      throw new RefusedArgument("the arguments are no JSON object");
    }
    Map<String, Value> values = new HashMap<>();
    Set<String> declared = new HashSet<>();
    for (Argument argument : tool.declared()) {
      declared.add(argument.name());
      JsonNode given = arguments.get(argument.name());
      if (given == null) {
        if (argument.required()) {
          throw new RefusedArgument("the argument " + argument.name() + " is missing");
        }
      } else if (argument.type() != ToolArguments.Type.OTHER) {
        values.put(argument.name(), value(argument, given));
      }
    }
    if (!tool.open()) {
      for (Map.Entry<String, JsonNode> given : arguments.properties()) {
        if (!declared.contains(given.getKey())) {
          throw new RefusedArgument("the tool declares no argument " + shown(given.getKey()));
        }
      }
    }
    return RecordValue.of(values);
  }

  private static Value value(Argument argument, JsonNode given) throws RefusedArgument {
    return switch (argument.type()) {
      case TEXT -> text(argument, given);
      case INTEGER -> integer(argument, given);
      case DECIMAL -> decimal(argument, given);
      case FLAG -> {
        check(argument, given, JsonNode::isBoolean, "true or false");
        yield BoolValue.of(given.booleanValue());
      }
      case TEXTS -> set(argument, given, ArgumentReader::text);
      case INTEGERS -> set(argument, given, ArgumentReader::integer);
      case OTHER -> throw new IllegalArgumentException("policies do not see such arguments");
    };
  }

  private static Value text(Argument argument, JsonNode given) throws RefusedArgument {
    check(argument, given, JsonNode::isTextual, "text");
    String text = given.textValue();
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          throw new RefusedArgument("the argument " + argument.name() + " holds half a character");
        }
        i++;
      }
    }
    return new StringValue(text);
  }

  private static Value integer(Argument argument, JsonNode given) throws RefusedArgument {
    check(
        argument,
        given,
        node -> node.isIntegralNumber() && node.canConvertToLong(),
        "a whole number of 64 bits");
    return new LongValue(given.longValue());
  }

  private static Value decimal(Argument argument, JsonNode given) throws RefusedArgument {
    check(argument, given, JsonNode::isNumber, "a number");
    try {
      return decimal(given.decimalValue());
    } catch (ArithmeticException | NumberFormatException e) {
      throw new RefusedArgument(
          "the argument "
              + argument.name()
              + " has more digits than policies can look at: at most four behind the point");
    }
  }

  /**
   * Cedar's value of a number.
   *
   * @throws ArithmeticException when it has more digits than Cedar knows
   */
  static DecimalValue decimal(BigDecimal number) {
    if (Math.abs((long) number.scale()) > 100) {
      throw new ArithmeticException("too many digits");
    }
    return new DecimalValue(number.setScale(FRACTION_DIGITS).unscaledValue().longValueExact());
  }

  private interface ItemReader {
    Value read(Argument argument, JsonNode given) throws RefusedArgument;
  }

  private static Value set(Argument argument, JsonNode given, ItemReader item)
      throws RefusedArgument {
    check(argument, given, JsonNode::isArray, "a list");
    List<Value> items = new ArrayList<>(given.size());
    for (JsonNode one : given) {
      items.add(item.read(argument, one));
    }
    return SetValue.of(items);
  }

  private static void check(
      Argument argument, JsonNode given, Predicate<JsonNode> fits, String what)
      throws RefusedArgument {
    if (!fits.test(given)) {
      throw new RefusedArgument("the argument " + argument.name() + " is not " + what);
    }
  }

  private static String shown(String name) {
    return name.length() > 60 ? name.substring(0, 60) + "…" : name;
  }
}
