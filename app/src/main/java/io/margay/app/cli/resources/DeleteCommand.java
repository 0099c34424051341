package io.margay.app.cli.resources;

import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.store.ResourceStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay delete KIND NAME…} and {@code margay delete -f FILE}. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = "Deletes the resources of the input, or those that are named.")
public final class DeleteCommand implements Callable<Integer> {
  @Mixin private final StoreOptions source = new StoreOptions();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final InputOptions input = new InputOptions();

  @Option(
      names = {"-s", "--skip-not-exists"},
      description = "Pass over resources that do not exist.")
  private boolean skipMissing;

  @Parameters(arity = "0..*", paramLabel = "KIND NAME", description = "What to delete.")
  private List<String> target = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<KubeObject> objects;
    if (input.given() && target.isEmpty()) {
      objects = ResourceWriter.ordered(input.read(System.in, namespace.orDefault())).reversed();
    } else if (target.size() >= 2 && !input.given()) {
      objects = ResourceTarget.parse(target, namespace).objects();
    } else {
      throw new CommandFailure("say what to delete: KIND NAME, or -f FILE, one of them");
    }
    try (ResourceStore store = source.open()) {
      ResourceWriter writer = new ResourceWriter(store, spec.commandLine().getOut());
      writer.each(objects, object -> writer.delete(object.key(), skipMissing));
    }
    return 0;
  }
}
