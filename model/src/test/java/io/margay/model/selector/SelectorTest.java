package io.margay.model.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.model.vector.SelectorVectors;
import io.margay.model.vector.VectorReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SelectorTest {
  private static final Path OWN =
      Path.of("src/test/resources/io/margay/model/selector/selectors.json");

  @TestFactory
  Stream<DynamicTest> sharedVectors() {
    Path file =
        Path.of(System.getProperty("margay.shared", ""), "vectors", "selectors", "selectors.json");
    if (!Files.exists(file)) {
      System.err.println("SKIPPED: no shared selectors at " + file + "; set -Dmargay.shared");
      Assumptions.abort("no shared selectors at " + file);
    }
    return tests(VectorReader.selectors(file));
  }

  @TestFactory
  Stream<DynamicTest> ownVectors() {
    return tests(VectorReader.selectors(OWN));
  }

  private static Stream<DynamicTest> tests(SelectorVectors vectors) {
    List<DynamicTest> tests = new ArrayList<>();
    for (SelectorVectors.Valid valid : vectors.valid()) {
      tests.add(
          DynamicTest.dynamicTest(
              "valid " + valid.selector(),
              () -> {
                Selector selector = Selector.parse(valid.selector());
                assertThat(selector.canonical()).isEqualTo(valid.canonical());
                assertThat(selector.uniqueId()).isEqualTo(valid.uid());
              }));
    }
    for (SelectorVectors.Invalid invalid : vectors.invalid()) {
      tests.add(
          DynamicTest.dynamicTest(
              "invalid " + invalid.selector(),
              () ->
                  assertThatThrownBy(() -> Selector.parse(invalid.selector()))
                      .isInstanceOf(SelectorSyntaxException.class)
                      .hasMessageContaining(" at position ")));
    }
    for (SelectorVectors.Match match : vectors.matches()) {
      tests.add(
          DynamicTest.dynamicTest(
              match.selector() + " on " + match.labels(),
              () ->
                  assertThat(Selector.parse(match.selector()).matches(Labels.of(match.labels())))
                      .isEqualTo(match.match())));
    }
    for (SelectorVectors.Prefixed prefixed : vectors.prefixed()) {
      tests.add(
          DynamicTest.dynamicTest(
              prefixed.prefix() + " before " + prefixed.selector(),
              () ->
                  assertThat(
                          Selector.parse(prefixed.selector())
                              .withKeyPrefix(prefixed.prefix())
                              .canonical())
                      .isEqualTo(prefixed.canonical())));
    }
    return tests.stream();
  }

  @Test
  void combinedSelectorsMatchAsTheirPartsDo() {
    Random random = new Random(7);
    for (int i = 0; i < 5_000; i++) {
      Selector left = Selector.parse(randomSelector(random, 3));
      Selector right = Selector.parse(randomSelector(random, 3));
      Labels labels = Labels.of(randomLabels(random));
      assertThat(left.and(right).matches(labels))
          .as("(%s) and (%s)", left, right)
          .isEqualTo(left.matches(labels) && right.matches(labels));
      assertThat(left.negate().matches(labels))
          .as("not %s", left)
          .isNotEqualTo(left.matches(labels));
      assertThat(Selector.parse(left.canonical()).matches(labels)).isEqualTo(left.matches(labels));
    }
  }

  private static String randomSelector(Random random, int depth) {
    String key = "abc".charAt(random.nextInt(3)) + "";
    String value = "'" + "xyz".charAt(random.nextInt(3)) + "'";
    return switch (random.nextInt(depth == 0 ? 8 : 11)) {
      case 0 -> "all()";
      case 1 -> "has(" + key + ")";
      case 2 -> key + " == " + value;
      case 3 -> key + " != " + value;
      case 4 -> key + " in {" + value + ", 'x'}";
      case 5 -> key + " not in {" + value + "}";
      case 6 -> key + " starts with " + value;
      case 7 -> "global()";
      case 8 -> "!(" + randomSelector(random, depth - 1) + ")";
      case 9 ->
          "(" + randomSelector(random, depth - 1) + ") && " + randomSelector(random, depth - 1);
      default ->
          "("
              + randomSelector(random, depth - 1)
              + " || "
              + randomSelector(random, depth - 1)
              + ")";
    };
  }

  private static Map<String, String> randomLabels(Random random) {
    Map<String, String> labels = new HashMap<>();
    for (String key : List.of("a", "b", "c")) {
      if (random.nextBoolean()) {
        labels.put(key, "xyz".charAt(random.nextInt(3)) + "");
      }
    }
    return labels;
  }

  @Test
  void errorsGiveThePosition() {
    assertThatThrownBy(() -> Selector.parse("a == 'b' &&"))
        .hasMessage("a comparison is missing at position 11");
    assertThatThrownBy(() -> Selector.parse("a = 'b'")).hasMessageContaining("position 2");
    assertThatThrownBy(() -> Selector.parse("(".repeat(100_000)))
        .hasMessageContaining("nested too deeply");
  }
}
