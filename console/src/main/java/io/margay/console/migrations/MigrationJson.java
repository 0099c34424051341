package io.margay.console.migrations;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.model.resource.LiveMigration.Status;
import io.margay.model.resource.LiveMigration.Step;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The JSON of migrations. */
final class MigrationJson {
  private MigrationJson() {}

  /**
   * Writes migrations, and how good they were.
   *
   * @param target the longest gap that is good enough, in milliseconds
   */
  static void write(List<LiveMigration> migrations, int target, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("items");
    for (LiveMigration migration : migrations) {
      write(migration, json);
    }
    json.writeEndArray();
    writeObjective(migrations, target, json);
    json.writeEndObject();
  }

  private static void write(LiveMigration migration, JsonGenerator json) throws IOException {
    Status status = migration.status();
    json.writeStartObject();
    json.writeStringField("namespace", migration.metadata().namespace());
    json.writeStringField("name", migration.metadata().name());
    json.writeStringField("machine", migration.spec().machine());
    json.writeStringField("uid", migration.spec().uid());
    write("source", migration.spec().source(), json);
    write("target", migration.spec().target(), json);
    json.writeStringField("phase", word(status.phase()));
    json.writeArrayFieldStart("steps");
    for (Step step : status.steps()) {
      json.writeStartObject();
      json.writeStringField("phase", word(step.phase()));
      json.writeStringField("at", step.at().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
    write("gap_millis", status.gapMillis(), json);
    write("gap_packets", status.gapPackets(), json);
    json.writeObjectFieldStart("connections");
    json.writeNumberField("moved", status.connections().moved());
    json.writeNumberField("kept", status.connections().kept());
    json.writeNumberField("dropped", status.connections().dropped());
    json.writeEndObject();
    json.writeStringField("reason", status.reason());
    json.writeStringField("owner", status.owner());
    json.writeEndObject();
  }

  private static void write(String field, Place place, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("pod", place.pod());
    json.writeStringField("node", place.node());
    json.writeEndObject();
  }

  /** Of those that succeeded: a migration that failed has no gap, the machine stays. */
  private static void writeObjective(List<LiveMigration> migrations, int target, JsonGenerator json)
      throws IOException {
    List<Status> succeeded =
        migrations.stream()
            .map(LiveMigration::status)
            .filter(status -> status.phase() == Phase.SUCCEEDED)
            .toList();
    List<Long> gaps =
        succeeded.stream().map(Status::gapMillis).filter(Objects::nonNull).sorted().toList();
    json.writeObjectFieldStart("objective");
    json.writeNumberField("gap_millis", target);
    json.writeNumberField("within", gaps.stream().filter(gap -> gap <= target).count());
    json.writeNumberField("measured", gaps.size());
    json.writeNumberField("succeeded", succeeded.size());
    json.writeNumberField(
        "failed", migrations.stream().filter(one -> one.status().phase() == Phase.FAILED).count());
    write("median_gap_millis", gaps.isEmpty() ? null : gaps.get(gaps.size() / 2), json);
    json.writeEndObject();
  }

  private static void write(String field, @Nullable Long value, JsonGenerator json)
      throws IOException {
    json.writeFieldName(field);
    if (value == null) {
      json.writeNull();
    } else {
      json.writeNumber(value);
    }
  }

  private static String word(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }
}
