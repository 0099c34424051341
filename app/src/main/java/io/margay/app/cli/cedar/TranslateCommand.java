package io.margay.app.cli.cedar;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.cedar.CedarFiles.Format;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Template;
import io.margay.cedar.json.JsonText;
import io.margay.cedar.json.PolicySetJson;
import io.margay.cedar.schema.SchemaDocument;
import io.margay.cedar.text.PolicyPrinter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay cedar translate}: policies and schemas from one format to the other. */
@Command(
    name = "translate",
    description = "Translates policies or a schema between the Cedar format and JSON.",
    mixinStandardHelpOptions = true)
public final class TranslateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--direction",
      required = true,
      paramLabel = "DIRECTION",
      description = "cedar-to-json or json-to-cedar.")
  private String direction = "";

  @Option(
      names = {"-p", "--policies"},
      paramLabel = "FILE",
      description = "Policies to translate; - is standard input.")
  private @Nullable Path policies;

  @Option(
      names = {"-s", "--schema"},
      paramLabel = "FILE",
      description = "A schema to translate; - is standard input.")
  private @Nullable Path schema;

  @Override
  public Integer call() {
    Format from =
        switch (direction) {
          case "cedar-to-json" -> Format.cedar;
          case "json-to-cedar" -> Format.json;
          default ->
              throw new CommandFailure(
                  "--direction " + direction + ": write cedar-to-json or json-to-cedar");
        };
    if ((policies == null) == (schema == null)) {
      throw new CommandFailure("give either --policies FILE or --schema FILE");
    }
    SourceText source = CedarFiles.text(policies == null ? schema : policies);
    String translated =
        CedarFiles.read(() -> policies == null ? schema(source, from) : policies(source, from));
    spec.commandLine().getOut().println(translated.stripTrailing());
    return 0;
  }

  private static String policies(SourceText source, Format from) {
    PolicySet set = PolicyOptions.read(source, from);
    return switch (from) {
      case cedar -> JsonText.print(PolicySetJson.write(set));
      case json -> printed(set);
    };
  }

  /** Templates and static policies; links have no words in the Cedar format. */
  private static String printed(PolicySet set) {
    List<Template> written = new ArrayList<>(set.templates().values());
    set.policies()
        .values()
        .forEach(policy -> {
          if (policy.isLink()) {
            throw new CommandFailure(
                "policy "
                    + policy.id()
                    + " is a link of a template, which the Cedar format does"
                    + " not have: remove it and link with --template-linked");
          }
          written.add(policy.template());
        });
    return written.stream().map(PolicyPrinter::print).collect(Collectors.joining("\n\n"));
  }

  private static String schema(SourceText source, Format from) {
    return switch (from) {
      case cedar -> SchemaDocument.parse(source).toJson();
      case json -> SchemaDocument.parseJson(source).toCedar();
    };
  }
}
