package io.margay.agents.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;

/** Names a JSON value by its contents, in whatever order its fields come. */
public final class JsonHash {
  private JsonHash() {}

  /** SHA-256 over the JSON with sorted keys and no spaces, in hexadecimal digits. */
  public static String of(JsonNode value) {
    StringBuilder canonical = new StringBuilder();
    write(value, canonical);
    try {
      byte[] utf8 = canonical.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(utf8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static void write(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      String separator = "{";
      for (String name : sortedNames(node)) {
        out.append(separator).append(TextNode.valueOf(name)).append(':');
        write(node.path(name), out);
        separator = ",";
      }
      out.append(node.isEmpty() ? "{}" : "}");
    } else if (node.isArray()) {
      String separator = "[";
      for (JsonNode item : node) {
        out.append(separator);
        write(item, out);
        separator = ",";
      }
      out.append(node.isEmpty() ? "[]" : "]");
    } else {
      out.append(node);
    }
  }

  private static TreeSet<String> sortedNames(JsonNode object) {
    TreeSet<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
