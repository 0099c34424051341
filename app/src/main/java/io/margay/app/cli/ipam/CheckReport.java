package io.margay.app.cli.ipam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.model.net.IpAddress;
import io.margay.network.ipam.Finding;
import io.margay.network.ipam.Finding.Leak;
import io.margay.network.ipam.Holding;
import io.margay.network.ipam.IpamCheck;
import io.margay.network.ipam.LeakRepair.Sighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** A check as JSON, by which a later repair knows since when an address leaks. */
final class CheckReport {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CheckReport() {}

  static ObjectNode of(IpamCheck check) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("checkedAt", check.at().toString());
    json.put("allocated", check.held());
    ArrayNode findings = json.putArray("findings");
    for (Finding finding : check.findings()) {
      ObjectNode item = findings.addObject();
      item.put("fault", finding.fault().text());
      item.put("where", finding.subject());
      item.put("what", finding.text());
      Leak leak = finding.leak();
      if (leak != null) {
        item.put("handle", leak.holding().handle());
        item.put("sequence", leak.holding().sequence());
        item.put("nodeGone", leak.nodeGone());
      }
    }
    ArrayNode problems = json.putArray("problems");
    check.problems().forEach(problems::add);
    return json;
  }

  /**
   * The leaks of an earlier report.
   *
   * @throws CommandFailure if the file is none
   */
  static Sighting read(Path file) {
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      Set<Holding> leaks = new HashSet<>();
      for (JsonNode finding : json.path("findings")) {
        if (finding.path("fault").asText().equals(Finding.Fault.LEAKED.text())) {
          leaks.add(
              new Holding(
                  IpAddress.parse(finding.path("where").asText()),
                  finding.path("handle").asText(),
                  finding.path("sequence").asLong(-1)));
        }
      }
      return new Sighting(Instant.parse(json.path("checkedAt").asText()), leaks);
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new CommandFailure(
          file + " is not a report of \"margay ipam check -o json\": " + e.getMessage(), e);
    }
  }
}
