package io.margay.flows.export;

import static io.margay.flows.export.Flows.flow;
import static io.margay.flows.export.Flows.flows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesFileTest {
  @TempDir Path folder;

  private static List<Integer> ports(Path file) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      ports.add(new JsonMapper().readTree(line).path("dest_port").asInt());
    }
    return ports;
  }

  @Test
  void aLineHasEverything() throws IOException {
    Path file = folder.resolve("new/flows.jsonl");
    try (JsonLinesFile lines = new JsonLinesFile(file, 1 << 20, 3)) {
      lines.send(List.of(flow(8080)));
    }
    JsonNode flow = new JsonMapper().readTree(Files.readString(file));
    assertThat(flow.path("start_time").asText()).isEqualTo("2026-11-21T10:00:00Z");
    assertThat(flow.path("end_time").asText()).isEqualTo("2026-11-21T10:00:15Z");
    assertThat(flow.path("action").asText()).isEqualTo("Allow");
    assertThat(flow.path("pending_action").asText()).isEqualTo("Deny");
    assertThat(flow.path("source_labels").get(0).asText()).isEqualTo("app=web");
    assertThat(flow.path("dest_service_name").asText()).isEqualTo("cart");
    assertThat(flow.path("dscp").asInt()).isEqualTo(46);
    assertThat(flow.path("process").asText()).isEqualTo("cartd");
    assertThat(flow.path("enforced").get(0).asText())
        .isEqualTo("0|application|CalicoNetworkPolicy:shop/web|Allow|1");
    assertThat(flow.path("pending").get(0).asText())
        .isEqualTo("0|security|StagedGlobalNetworkPolicy:lockdown|Deny|-1");
    assertThat(flow.path("bytes_out").asLong()).isEqualTo(120);
    assertThat(flow.path("connections_live").asLong()).isEqualTo(1);
  }

  @Test
  void whatIsThereStays() throws IOException {
    Path file = folder.resolve("flows.jsonl");
    for (int port = 1; port <= 3; port++) {
      try (JsonLinesFile lines = new JsonLinesFile(file, 1 << 20, 3)) {
        lines.send(List.of(flow(port)));
      }
    }
    assertThat(ports(file)).containsExactly(1, 2, 3);
  }

  @Test
  void filesRotateAndTheOldestGoes() throws IOException {
    Path file = folder.resolve("flows.jsonl");
    int line = ExportJson.bytes(flow(10)).length + 1;
    try (JsonLinesFile lines = new JsonLinesFile(file, 3L * line, 2)) {
      lines.send(flows(10, 21));
      lines.send(flows(22, 23));
    }
    assertThat(ports(file)).containsExactly(22, 23);
    assertThat(ports(folder.resolve("flows.jsonl.1"))).containsExactly(19, 20, 21);
    assertThat(ports(folder.resolve("flows.jsonl.2"))).containsExactly(16, 17, 18);
    assertThat(folder.resolve("flows.jsonl.3")).doesNotExist();
  }

  @Test
  void aFileThatCannotBeWrittenIsAnError() throws IOException {
    Path notAFolder = Files.writeString(folder.resolve("taken"), "");
    try (JsonLinesFile lines = new JsonLinesFile(notAFolder.resolve("flows.jsonl"), 1, 1)) {
      assertThatThrownBy(() -> lines.send(flows(1, 1))).isInstanceOf(IOException.class);
    }
  }
}
