package io.margay.app.cli.resources;

import io.margay.model.manifest.KubeObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay validate -f FILE}: no server is asked. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Checks the resources of the input and says everything that is wrong with them.")
public final class ValidateCommand implements Callable<Integer> {
  @Mixin private final InputOptions input = new InputOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    for (Map.Entry<String, List<KubeObject>> source : input.read(System.in, "default").entrySet()) {
      int count = source.getValue().size();
      out.println(
          source.getKey() + ": " + count + (count == 1 ? " resource" : " resources") + ", valid");
    }
    out.flush();
    return 0;
  }
}
