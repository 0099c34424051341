package io.margay.app.cli;

import io.margay.flows.export.ExportTarget;
import io.margay.flows.export.JsonLinesFile;
import io.margay.flows.export.KafkaTopic;
import io.margay.flows.export.OtlpLogs;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which other systems get the flows. */
public final class ExportOptions {
  private static final long MEGABYTE = 1_000_000;

  @Option(
      names = "--export-file",
      paramLabel = "FILE",
      description = "Append flows to a file, one JSON object in each line.")
  private @Nullable Path file;

  @Option(
      names = "--export-file-megabytes",
      paramLabel = "N",
      description = "Begin a new file at this size; ${DEFAULT-VALUE} if not given.")
  private int fileMegabytes = 100;

  @Option(
      names = "--export-file-keep",
      paramLabel = "N",
      description = "Keep so many earlier files; ${DEFAULT-VALUE} if not given.")
  private int fileKeep = 5;

  @Option(
      names = "--export-otlp",
      paramLabel = "URL",
      description = "Send flows as log records over OTLP/HTTP, such as http://HOST:4318/v1/logs.")
  private @Nullable URI otlp;

  @Option(
      names = "--export-otlp-header",
      paramLabel = "NAME=VALUE",
      description = "Send this header along, such as an authorization.")
  private Map<String, String> otlpHeaders = new LinkedHashMap<>();

  @Option(
      names = "--export-kafka",
      paramLabel = "SERVERS/TOPIC",
      description = "Send flows to a Kafka topic as JSON, such as kafka-1:9092,kafka-2:9092/flows.")
  private @Nullable String kafka;

  @Option(
      names = "--export-kafka-setting",
      paramLabel = "NAME=VALUE",
      description = "A setting of Kafka's producer, such as security.protocol=SSL.")
  private Map<String, String> kafkaSettings = new LinkedHashMap<>();

  /**
   * The systems that were named.
   *
   * @throws CommandFailure if one cannot be meant
   */
  List<ExportTarget> targets() {
    List<ExportTarget> targets = new ArrayList<>();
    if (file != null) {
      if (fileMegabytes < 1 || fileKeep < 0) {
        throw new CommandFailure(
            "--export-file-megabytes must be at least 1 and --export-file-keep at least 0");
      }
      targets.add(new JsonLinesFile(file, fileMegabytes * MEGABYTE, fileKeep));
    }
    if (otlp != null) {
      targets.add(new OtlpLogs(httpUrl(otlp), otlpHeaders, InstantSource.system()));
    }
    if (kafka != null) {
      targets.add(kafka(kafka));
    }
    return targets;
  }

  private static URI httpUrl(URI url) {
    String scheme = url.getScheme();
    if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new CommandFailure(
          "--export-otlp \"" + url + "\": write a URL such as http://collector:4318/v1/logs");
    }
    return url;
  }

  private KafkaTopic kafka(String text) {
    int slash = text.lastIndexOf('/');
    if (slash < 1 || slash == text.length() - 1) {
      throw new CommandFailure(
          "--export-kafka \"" + text + "\": write servers and topic, such as kafka:9092/flows");
    }
    try {
      return new KafkaTopic(text.substring(0, slash), text.substring(slash + 1), kafkaSettings);
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new CommandFailure("--export-kafka \"" + text + "\": " + reason.getMessage(), e);
    }
  }
}
