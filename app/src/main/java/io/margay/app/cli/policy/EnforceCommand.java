package io.margay.app.cli.policy;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.resources.PlannedChange;
import io.margay.app.cli.resources.StagedTarget;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.StoredResources;
import io.margay.console.access.Caller;
import io.margay.console.access.Permissions;
import io.margay.console.http.HttpFailure;
import io.margay.console.policies.PolicyWrites;
import io.margay.console.policies.StagedForm;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay policy enforce}. */
@Command(
    name = "enforce",
    description = {
      "Enforces a staged policy: shows which verdicts that turns, as policy preview does, and asks.",
      "The staged policy is deleted then.",
      "Exit status: 0 it is enforced, 3 it is not, since nobody said yes."
    },
    mixinStandardHelpOptions = true)
public final class EnforceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final StagedTarget target = new StagedTarget();
  @Mixin private final StoreOptions storeOptions = new StoreOptions();
  @Mixin private final FlowSource flowSource = new FlowSource();

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Override
  public Integer call() throws IOException {
    try (ResourceStore store = storeOptions.open()) {
      KubeObject staged = target.find(store);
      String action = staged.json().path("spec").path("stagedAction").asText();
      if (action.equals("Ignore")) {
        throw new CommandFailure(
            staged.key() + " is dismissed (stagedAction Ignore): change it to Set first");
      }
      PrintWriter out = spec.commandLine().getOut();
      Previewed previewed =
          Previewed.of(
              StoredResources.of(store),
              change(staged),
              flowSource.read(storeOptions),
              Optional.empty());
      new PreviewText(out).print(previewed.json());
      out.println();
      out.flush();
      if (!yes && !agreed(out, staged.key())) {
        out.println("Not enforced.");
        out.flush();
        return ErrorReport.CONTRADICTED;
      }
      enforce(store, staged);
      out.println(staged.key() + " is enforced now.");
      out.flush();
      return 0;
    }
  }

  private static PlannedChange change(KubeObject staged) {
    Kind kind = StagedForm.enforcedKind(staged.kind()).orElseThrow();
    if (StagedForm.deletes(staged)) {
      ResourceKey enforced = new ResourceKey(kind, staged.namespace(), staged.name());
      return new PlannedChange(List.of(), List.of(staged.key(), enforced));
    }
    return new PlannedChange(
        List.of(ResourceDecoder.decode(StagedForm.enforced(staged)).resource()),
        List.of(staged.key()));
  }

  private static boolean agreed(PrintWriter out, ResourceKey key) throws IOException {
    out.print("Enforce " + key + "? [y/N] ");
    out.flush();
    // Not closed: standard input is not ours.
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String answer = in.readLine();
    return answer != null && (answer.strip().equals("y") || answer.strip().equals("yes"));
  }

  /**
   * Who may do that is the store's to say. A staged policy changed since the preview is refused.
   */
  private static void enforce(ResourceStore store, KubeObject staged) {
    try {
      new PolicyWrites(store)
          .enforce(Caller.guest("margay", Permissions.ALL), staged.key(), staged.resourceVersion());
    } catch (HttpFailure refused) {
      throw new CommandFailure(refused.reason(), refused);
    }
  }
}
