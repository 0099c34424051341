package io.margay.app.cli.resources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** {@code margay label KIND NAME KEY=VALUE}. */
@Command(
    name = "label",
    mixinStandardHelpOptions = true,
    description = "Sets or removes a label of a resource.")
public final class LabelCommand implements Callable<Integer> {
  @Mixin private final StoreOptions source = new StoreOptions();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();

  @Option(names = "--overwrite", description = "Change a label that has another value.")
  private boolean overwrite;

  @Option(names = "--remove", description = "Remove the label.")
  private boolean remove;

  @Parameters(index = "0", paramLabel = "KIND")
  private String kind = "";

  @Parameters(index = "1", paramLabel = "NAME")
  private String name = "";

  @Parameters(index = "2", paramLabel = "KEY=VALUE", description = "KEY or KEY- to remove it.")
  private String label = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int equals = label.indexOf('=');
    boolean removing = remove || (equals < 0 && label.endsWith("-"));
    String key = equals < 0 ? label.replaceFirst("-$", "") : label.substring(0, equals);
    if (key.isEmpty() || (equals < 0 && !removing)) {
      throw new CommandFailure("label \"" + label + "\": write KEY=VALUE, or KEY- to remove it");
    }
    String value = equals < 0 ? "" : label.substring(equals + 1);
    List<KubeObject> objects = ResourceTarget.parse(List.of(kind, name), namespace).objects();
    try (ResourceStore store = source.open()) {
      ResourceWriter writer = new ResourceWriter(store, spec.commandLine().getOut());
      writer.each(
          objects,
          object -> {
            KubeObject current =
                store
                    .get(object.key())
                    .orElseThrow(() ->
                        new CommandFailure(ResourceWriter.name(object.key()) + ": does not exist"));
            ObjectNode json = current.json().deepCopy();
            ObjectNode labels = json.withObjectProperty("metadata").withObjectProperty("labels");
            change(labels, key, value, removing);
            return writer.update(current, new KubeObject(object.kind(), json), "labeled");
          });
    }
    return 0;
  }

  private void change(ObjectNode labels, String key, String value, boolean removing) {
    JsonNode old = labels.get(key);
    if (removing) {
      if (old == null) {
        throw new CommandFailure("label \"" + key + "\": the resource does not have it");
      }
      labels.remove(key);
      return;
    }
    if (old != null && !old.asText().equals(value) && !overwrite) {
      throw new CommandFailure(
          "label \"" + key + "\": is \"" + old.asText() + "\" already; --overwrite changes it");
    }
    labels.put(key, value);
  }
}
