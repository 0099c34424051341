package io.margay.app.cli;

import io.margay.app.doctor.Doctor;
import io.margay.app.doctor.Finding;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay doctor}. */
@Command(
    name = "doctor",
    description = "Tells what this machine has and lacks, and the command that mends it.",
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> findings = Doctor.examine();
    int width = findings.stream().mapToInt(finding -> finding.what().length()).max().orElse(0);
    String line = "%-8s%-" + width + "s  %s%n";
    for (Finding finding : findings) {
      out.printf(line, finding.there() ? "ok" : "lacking", finding.what(), finding.detail());
      if (!finding.fix().isEmpty()) {
        out.printf(line, "", "", "to mend: " + finding.fix());
      }
    }
    long lacking = findings.stream().filter(finding -> !finding.there()).count();
    out.println(lacking == 0 ? "everything is there" : lacking + " of these are lacking");
  }
}
