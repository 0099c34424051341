package io.margay.bench.calc;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.resource.ResourceChange;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CalcCommandTest {

  private static int run(StringWriter out, String... arguments) {
    CommandLine command = new CommandLine(new CalcCommand());
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(new StringWriter()));
    command.setExecutionExceptionHandler((e, line, parsed) -> {
      out.write(e.getMessage());
      return 1;
    });
    return command.execute(arguments);
  }

  @Test
  void runsAWorkloadInAProcessOfItsOwn() {
    StringWriter out = new StringWriter();
    assertThat(run(out, "--only", "isolated-customers-1k", "--warm-up", "0"))
        .as(out.toString())
        .isZero();
    assertThat(out.toString().lines())
        .singleElement()
        .asString()
        .contains("\"workload\": \"isolated-customers-1k\"", "timeRatio", "heapRatio", "peakRatio")
        // One policy governs each of the 100 endpoints of this node.
        .contains("\"policyReferences\": 100", "\"policies\": 100");
  }

  @Test
  void refusesAWorkloadThatThereIsNot() {
    StringWriter out = new StringWriter();
    assertThat(run(out, "--only", "snapshots")).isEqualTo(1);
    assertThat(out.toString()).contains("snapshot-250k-10k-tags");
  }

  /** Each set has a class of its own: the addresses of none are lost. */
  @Test
  void tellsSetsAndCustomersApart() {
    assertThat(classes(new Snapshot(40, 0, 30))).isGreaterThanOrEqualTo(30);
    assertThat(classes(new IsolatedCustomers(200))).isGreaterThanOrEqualTo(100);
  }

  private static int classes(Inputs inputs) {
    PolicyEngine engine = new PolicyEngine(Scope.node(Inputs.HERE));
    inputs.resources().forEach(resource -> engine.apply(new ResourceChange.Upsert(resource)));
    engine.flush();
    return engine.stats().classes();
  }
}
