package io.margay.app.cli.resources;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.model.manifest.KubeObject;
import io.margay.model.schema.Schemas;
import io.margay.store.ResourceStore;
import io.margay.store.patch.JsonPatch;
import io.margay.store.patch.MergePatch;
import io.margay.store.patch.PatchException;
import io.margay.store.patch.StrategicMergePatch;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay patch KIND NAME -p PATCH}. */
@Command(
    name = "patch",
    mixinStandardHelpOptions = true,
    description = "Changes fields of a resource.")
public final class PatchCommand implements Callable<Integer> {
  /** The forms of patches. */
  public enum Type {
    /** Lists are merged by the schema's keys, for Kubernetes kinds. */
    STRATEGIC,
    JSON,
    MERGE
  }

  @Mixin private final StoreOptions source = new StoreOptions();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();

  @Option(
      names = {"-p", "--patch"},
      required = true,
      paramLabel = "PATCH",
      description = "The patch, as JSON.")
  private String patch = "";

  @Option(
      names = {"-t", "--type"},
      defaultValue = "STRATEGIC",
      description = "strategic, json or merge (default: strategic).")
  private Type type = Type.STRATEGIC;

  @Parameters(arity = "2", paramLabel = "KIND NAME", description = "What to change.")
  private List<String> words = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    JsonNode parsed = parse(patch);
    List<KubeObject> objects = ResourceTarget.parse(words, namespace).objects();
    try (ResourceStore store = source.open()) {
      ResourceWriter writer = new ResourceWriter(store, spec.commandLine().getOut());
      writer.each(objects, object -> change(store, writer, object, parsed));
    }
    return 0;
  }

  private String change(
      ResourceStore store, ResourceWriter writer, KubeObject object, JsonNode parsed) {
    KubeObject current =
        store
            .get(object.key())
            .orElseThrow(
                () -> new CommandFailure(ResourceWriter.name(object.key()) + ": does not exist"));
    try {
      ObjectNode patched =
          switch (type) {
            case JSON -> JsonPatch.apply(current.json(), list(parsed));
            case MERGE -> MergePatch.apply(current.json(), object(parsed));
            case STRATEGIC ->
                StrategicMergePatch.apply(
                    Schemas.of(current.kind()), current.json(), object(parsed));
          };
      return writer.update(current, new KubeObject(object.kind(), patched), "patched");
    } catch (PatchException e) {
      throw new CommandFailure(ResourceWriter.name(object.key()) + ": " + e.getMessage(), e);
    }
  }

  private static ArrayNode list(JsonNode parsed) {
    if (parsed instanceof ArrayNode operations) {
      return operations;
    }
    throw new CommandFailure("-p: a patch of type json is a list: [{\"op\":\"replace\",…}]");
  }

  private static ObjectNode object(JsonNode parsed) {
    if (parsed instanceof ObjectNode fields) {
      return fields;
    }
    throw new CommandFailure("-p: a merge patch is an object: {\"spec\":{…}}");
  }

  private static JsonNode parse(String text) {
    try {
      return OutputFormat.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CommandFailure("-p: not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
