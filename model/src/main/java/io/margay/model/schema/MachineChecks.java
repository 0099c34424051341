package io.margay.model.schema;

/** What must hold between the fields of a migration. */
final class MachineChecks {
  private MachineChecks() {}

  static void migration(Place spec) {
    Place source = spec.at("source");
    Place target = spec.at("target");
    if (target.at("pod").given() && target.at("pod").text().equals(source.at("pod").text())) {
      target.at("pod").problem("the source too", "write the pod that the machine moves to");
    }
    if (target.at("node").given() && target.at("node").text().equals(source.at("node").text())) {
      target.at("node").problem("the source too", "write the node that the machine moves to");
    }
  }
}
