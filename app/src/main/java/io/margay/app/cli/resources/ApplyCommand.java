package io.margay.app.cli.resources;

import io.margay.model.manifest.KubeObject;
import io.margay.store.ResourceStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code margay apply -f FILE}. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = "Creates the resources of the input, or replaces them where they exist.")
public final class ApplyCommand implements Callable<Integer> {
  @Mixin private final StoreOptions source = new StoreOptions();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final InputOptions input = new InputOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<KubeObject> objects = ResourceWriter.ordered(input.read(System.in, namespace.orDefault()));
    try (ResourceStore store = source.open()) {
      ResourceWriter writer = new ResourceWriter(store, spec.commandLine().getOut());
      writer.each(objects, writer::apply);
    }
    return 0;
  }
}
