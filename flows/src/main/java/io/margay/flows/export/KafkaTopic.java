package io.margay.flows.export;

import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * JSON objects in a Kafka topic. The key is the reporting end, so that what a workload says stays
 * in order. A batch of which a part failed is sent again as a whole: a reader may see a flow twice,
 * with the same start.
 */
public final class KafkaTopic implements ExportTarget {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * @param servers {@code HOST:PORT} with commas between
   * @param more settings of the producer, such as its credentials
   */
  public KafkaTopic(String servers, String topic, Map<String, String> more) {
    this.topic = topic;
    Properties settings = new Properties();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, "50");
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis(PATIENCE));
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(PATIENCE));
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(PATIENCE.multipliedBy(2)));
    settings.putAll(more);
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static String millis(Duration time) {
    return Long.toString(time.toMillis());
  }

  @Override
  public String name() {
    return "kafka:" + topic;
  }

  @Override
  public int send(List<ExportedFlow> flows) throws IOException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>(flows.size());
    int tooLarge = 0;
    try {
      for (ExportedFlow flow : flows) {
        sent.add(producer.send(new ProducerRecord<>(topic, key(flow), ExportJson.bytes(flow))));
      }
      producer.flush();
    } catch (KafkaException e) {
      throw new IOException(e.getMessage(), e);
    }
    for (Future<RecordMetadata> one : sent) {
      try {
        one.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RecordTooLargeException)) {
          throw new IOException(String.valueOf(e.getMessage()), e);
        }
        tooLarge++;
      }
    }
    return tooLarge;
  }

  private static byte[] key(ExportedFlow flow) {
    FlowPeer peer =
        flow.key().reporter() == Reporter.SOURCE ? flow.key().source() : flow.key().dest();
    return (peer.namespace() + "/" + peer.name()).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close(PATIENCE);
  }
}
