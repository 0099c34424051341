package io.margay.cedar.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Spoils texts, as typing, cutting, pasting and broken disks do. The same seed does the same. */
final class Mutator {
  private static final int LONGEST = 60_000;
  private static final List<String> PIECES =
      List.of(
          "permit",
          "forbid",
          "when",
          "unless",
          "principal",
          "action",
          "resource",
          "context",
          "in",
          "is",
          "has",
          "like",
          "if",
          "then",
          "else",
          "true",
          "false",
          "==",
          "!=",
          "<",
          "<=",
          "&&",
          "||",
          "!",
          "-",
          "+",
          "*",
          "/",
          "%",
          "=",
          "::",
          ".",
          ",",
          ";",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "\"",
          "\\",
          "\\u{",
          "\\x",
          "?principal",
          "?x",
          "@",
          "//",
          "\n",
          "\r",
          "\0",
          "\u200f",
          "\ud83d",
          "é",
          "9223372036854775808",
          "-9223372036854775808",
          "__cedar",
          "ip(\"1.2.3.4\")",
          "decimal(\"1.0\")",
          "datetime(\"2026-01-01\")",
          "duration(\"1d\")",
          ".contains(",
          ".isEmpty()",
          ".getTag(\"a\")",
          "User::\"a\"",
          "null",
          "\"__entity\"",
          "\"__extn\"",
          "{\"Value\": 1}",
          "{\"&&\": {\"left\":",
          "1e999",
          "[]",
          "{}",
          "&",
          "|",
          "#",
          "'");

  private final Random random;
  private final List<String> corpus;

  Mutator(long seed, List<String> corpus) {
    this.random = new Random(seed);
    this.corpus = corpus;
  }

  /** Some text of the corpus, spoilt in a few places. */
  byte[] next() {
    String text = corpus.get(random.nextInt(corpus.size()));
    // Mostly in one place: what is spoilt more is hardly ever read further than its beginning.
    int places = random.nextInt(3) == 0 ? random.nextInt(6) : 0;
    for (int i = places; i >= 0; i--) {
      text = mutated(text);
      if (text.length() > LONGEST) {
        text = text.substring(0, LONGEST);
      }
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0 && random.nextInt(10) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private String mutated(String text) {
    int start = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), start + random.nextInt(40));
    String before = text.substring(0, start);
    String piece = text.substring(start, end);
    String after = text.substring(end);
    return switch (random.nextInt(8)) {
      case 0 -> before + after;
      case 1 -> before + piece + piece + after;
      case 2 -> before + pick(PIECES) + piece + after;
      case 3 -> before + pick(PIECES) + after;
      case 4 -> before + (char) random.nextInt(random.nextBoolean() ? 128 : 65_536) + after;
      case 5 -> before + new StringBuilder(piece).reverse() + after;
      case 6 -> before + repeated(random.nextBoolean() ? pick(PIECES) : piece) + after;
      default -> {
        String other = pick(corpus);
        int from = random.nextInt(other.length() + 1);
        int to = Math.min(other.length(), from + random.nextInt(200));
        yield before + other.substring(from, to) + after;
      }
    };
  }

  private String repeated(String piece) {
    int most = Math.max(1, LONGEST / Math.max(1, piece.length()));
    return piece.repeat(random.nextInt(10) == 0 ? most : random.nextInt(Math.min(most, 600)));
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  static String shown(byte[] bytes) {
    String text =
        new String(Arrays.copyOf(bytes, Math.min(bytes.length, 4_000)), StandardCharsets.UTF_8);
    return text + (bytes.length > 4_000 ? "… (" + bytes.length + " bytes)" : "");
  }
}
