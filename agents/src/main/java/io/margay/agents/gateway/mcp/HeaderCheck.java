package io.margay.agents.gateway.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Refusal;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the headers of a request against its body. Other servers may route by the headers, so a
 * request whose headers say something else than its body is refused.
 */
final class HeaderCheck {
  /** Methods that name something, and the parameter in which they do. */
  static final Map<String, String> NAMED =
      Map.of("tools/call", "name", "resources/read", "uri", "prompts/get", "name");

  private static final String BASE64_START = "=?base64?";
  private static final String BASE64_END = "?=";

  private HeaderCheck() {}

  /** Checks the headers that every request of the stateless revision has. */
  static void check(Exchange exchange, Message message) throws RpcError, Refusal {
    same("Mcp-Method", exchange.header("Mcp-Method"), message.method());
    String parameter = NAMED.get(message.method());
    if (parameter != null) {
      String name = message.text(parameter);
      if (name.isEmpty()) {
        throw new RpcError(400, RpcError.INVALID_PARAMS, "params." + parameter + ": missing");
      }
      Optional<String> header = exchange.header("Mcp-Name");
      same(
          "Mcp-Name",
          header.isPresent() ? Optional.of(decode("Mcp-Name", header.get())) : header,
          name);
    }
  }

  /** Checks the headers that mirror arguments of a tool. */
  static void check(Exchange exchange, JsonNode arguments, List<HeaderParameter> parameters)
      throws RpcError, Refusal {
    for (HeaderParameter parameter : parameters) {
      String name = "Mcp-Param-" + parameter.header();
      JsonNode value = parameter.in(arguments);
      Optional<String> header = exchange.header(name);
      if (value.isMissingNode() || value.isNull()) {
        if (header.isPresent()) {
          throw mismatch(name + " is there, but its argument is not");
        }
        continue;
      }
      if (header.isEmpty()) {
        throw mismatch(name + " is missing");
      }
      String text = decode(name, header.get());
      if (!isSame(value, text)) {
        throw mismatch(name + " is '" + text + "', but the body says " + value);
      }
    }
  }

  private static boolean isSame(JsonNode value, String text) {
    if (value.isNumber()) {
      try {
        return value.decimalValue().compareTo(new BigDecimal(text)) == 0;
      } catch (NumberFormatException e) {
        return false;
      }
    }
    return value.asText().equals(text);
  }

  private static void same(String name, Optional<String> header, String body) throws RpcError {
    if (header.isEmpty()) {
      throw mismatch(name + " is missing");
    }
    if (!header.get().equals(body)) {
      throw mismatch(name + " is '" + header.get() + "', but the body says '" + body + "'");
    }
  }

  private static String decode(String name, String value) throws RpcError {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\t' && (c < ' ' || c > '~')) {
        throw mismatch(name + " has a character that a header cannot have");
      }
    }
    if (value.length() < BASE64_START.length() + BASE64_END.length()
        || !value.startsWith(BASE64_START)
        || !value.endsWith(BASE64_END)) {
      return value;
    }
    String encoded = value.substring(BASE64_START.length(), value.length() - BASE64_END.length());
    try {
      byte[] bytes = Base64.getDecoder().decode(encoded);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw mismatch(name + " is not Base64 of UTF-8");
    }
  }

  static RpcError mismatch(String what) {
    return new RpcError(400, RpcError.HEADER_MISMATCH, "header mismatch: " + what);
  }
}
