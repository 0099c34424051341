package io.margay.app.doctor;

import java.util.ArrayList;
import java.util.List;

/** Examines this machine. */
public final class Doctor {
  private Doctor() {}

  /** Everything that is looked for, programs first. */
  public static List<Finding> examine() {
    List<Finding> findings = new ArrayList<>(ToolCheck.run());
    findings.addAll(KernelCheck.run());
    return List.copyOf(findings);
  }
}
