package io.margay.model.manifest;

import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Connections;
import io.margay.model.resource.LiveMigration.Handover;
import io.margay.model.resource.LiveMigration.Outcome;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.model.resource.LiveMigration.Status;
import io.margay.model.resource.LiveMigration.Step;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.VirtualMachineInstance;
import io.margay.model.resource.VirtualMachineInstanceMigration;
import io.margay.model.resource.VirtualMachineInstanceMigration.Progress;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads virtual machines and their migrations. */
final class MachineDecoder {
  private MachineDecoder() {}

  static VirtualMachineInstance instance(ObjectMeta metadata, Field root) {
    return new VirtualMachineInstance(metadata, root.at("status").at("nodeName").text());
  }

  static VirtualMachineInstanceMigration migration(ObjectMeta metadata, Field root) {
    Progress progress =
        switch (root.at("status").at("phase").text()) {
          case "Scheduling", "Scheduled", "PreparingTarget", "TargetReady", "Running" ->
              Progress.UNDER_WAY;
          case "Succeeded" -> Progress.SUCCEEDED;
          case "Failed" -> Progress.FAILED;
          // Pending, phases between clusters, and what later versions may say.
          default -> Progress.WAITING;
        };
    return new VirtualMachineInstanceMigration(
        metadata,
        new VirtualMachineInstanceMigration.Spec(root.at("spec").at("vmiName").text()),
        progress);
  }

  static LiveMigration record(ObjectMeta metadata, Field root) {
    Field spec = root.at("spec");
    return new LiveMigration(
        metadata,
        new LiveMigration.Spec(
            spec.at("machine").at("name").text(),
            place(spec.at("source")),
            place(spec.at("target")),
            spec.at("uid").text(),
            spec.at("outcome").parsed(MachineDecoder::outcome).orElse(Outcome.UNDER_WAY)),
        status(root.at("status")));
  }

  private static Place place(Field place) {
    return new Place(place.at("pod").text(), place.at("node").text());
  }

  private static Outcome outcome(String text) {
    return switch (text) {
      case "" -> Outcome.UNDER_WAY;
      case "Succeeded" -> Outcome.SUCCEEDED;
      case "Failed" -> Outcome.FAILED;
      default -> throw new IllegalArgumentException("not Succeeded or Failed");
    };
  }

  private static Status status(Field status) {
    Field connections = status.at("connections");
    return new Status(
        status.at("phase").parsed(MachineDecoder::phase).orElse(Phase.PENDING),
        status.at("phases").items(MachineDecoder::step),
        count(status.at("gapMillis")),
        count(status.at("gapPackets")),
        new Connections(
            connections.at("moved").count(),
            connections.at("kept").count(),
            connections.at("dropped").count()),
        status.at("reason").text(),
        status.at("owner").text(),
        handover(status.at("handover")));
  }

  private static @Nullable Long count(Field field) {
    return field.present() ? field.count() : null;
  }

  private static Optional<Step> step(Field step) {
    Optional<Phase> phase = step.at("phase").required(MachineDecoder::phase);
    Optional<Instant> at = step.at("at").required(ResourceDecoder::time);
    return phase.flatMap(found -> at.map(when -> new Step(found, when)));
  }

  private static Phase phase(String text) {
    return switch (text) {
      case "", "Pending" -> Phase.PENDING;
      case "Prepared" -> Phase.PREPARED;
      case "Live" -> Phase.LIVE;
      case "Converging" -> Phase.CONVERGING;
      case "Succeeded" -> Phase.SUCCEEDED;
      case "Failed" -> Phase.FAILED;
      default ->
          throw new IllegalArgumentException(
              "not Pending, Prepared, Live, Converging, Succeeded or Failed");
    };
  }

  private static @Nullable Handover handover(Field handover) {
    Instant at = handover.at("at").parsed(ResourceDecoder::time).orElse(null);
    return at == null
        ? null
        : new Handover(
            at,
            handover.at("entries").items(entry -> entry.parsed(text -> text)),
            handover.at("omitted").count());
  }
}
