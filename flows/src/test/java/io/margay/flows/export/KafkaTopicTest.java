package io.margay.flows.export;

import static io.margay.flows.export.Flows.flows;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real broker. */
@Timeout(240)
class KafkaTopicTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void flowsArriveAlsoWhenTheBrokerWasAway() throws Exception {
    try (KafkaBroker broker = new KafkaBroker(folder)) {
      broker.awaitReady();
      try (Exporter exporter =
          Exporter.start(new KafkaTopic(broker.address(), "flows", Map.of()), 10_000)) {
        exporter.offer(flows(1, 2_000));
        assertThat(read(broker, 2_000)).isEqualTo(numbers(2_000));
        broker.kill();
        exporter.offer(flows(2_001, 3_000));
        broker.startAgain();
        assertThat(read(broker, 3_000)).isEqualTo(numbers(3_000));
        assertThat(exporter.statistics().full()).isZero();
      }
    }
  }

  private static Set<Integer> numbers(int to) {
    return new TreeSet<>(IntStream.rangeClosed(1, to).boxed().toList());
  }

  /** The distinct ports of all records, once there are so many. */
  private static Set<Integer> read(KafkaBroker broker, int distinct) throws IOException {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.address(),
            ConsumerConfig.GROUP_ID_CONFIG,
            "test-" + distinct,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest");
    Set<Integer> ports = new TreeSet<>();
    List<String> keys = new ArrayList<>();
    Instant deadline = Instant.now().plus(PATIENCE);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("flows"));
      while (ports.size() < distinct && Instant.now().isBefore(deadline)) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
          ports.add(new JsonMapper().readTree(record.value()).path("dest_port").asInt());
          keys.add(new String(record.key(), StandardCharsets.UTF_8));
        }
      }
    }
    assertThat(keys).containsOnly("shop/cart-*");
    return ports;
  }
}
