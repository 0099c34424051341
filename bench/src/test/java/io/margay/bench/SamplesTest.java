package io.margay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {
  private static Samples of(double... values) {
    Samples samples = new Samples();
    for (double value : values) {
      samples.add(value);
    }
    return samples;
  }

  @Test
  void quantilesAreMeasuredValues() {
    Samples samples = of(5, 1, 4, 2, 3);
    assertThat(samples.median()).isEqualTo(3);
    assertThat(samples.quantile(0)).isEqualTo(1);
    assertThat(samples.quantile(0.99)).isEqualTo(5);
    assertThatThrownBy(() -> of().median()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void resultsAreJson() {
    assertThat(JsonLine.of("connect", "rate").text("layout", "NONE").number("rate", 1.5))
        .hasToString(
            "{\"bench\": \"connect\", \"result\": \"rate\", \"layout\": \"NONE\", \"rate\": 1.500}");
  }
}
