package io.margay.app.cli.cedar;

import io.margay.app.cli.cedar.CedarFiles.Format;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Template;
import io.margay.cedar.json.JsonFields;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTrees;
import io.margay.cedar.json.PolicySetJson;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.value.EntityUid;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the policies come from. */
final class PolicyOptions {
  @Option(
      names = {"-p", "--policies"},
      paramLabel = "FILE",
      required = true,
      description = "The policies and templates; - is standard input.")
  private Path policies = Path.of("-");

  @Option(
      names = "--policy-format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.cedar;

  @Option(
      names = {"-k", "--template-linked"},
      paramLabel = "FILE",
      description = {
        "Links of templates: a JSON list of objects with template_id, link_id and args, such as",
        "{\"?principal\": \"User::\\\"alice\\\"\"}."
      })
  private @Nullable Path links;

  PolicySet read() {
    return CedarFiles.read(() -> {
      PolicySet written = read(CedarFiles.text(policies), format);
      return links == null ? written : withLinks(written, CedarFiles.text(links));
    });
  }

  /** What was read, for errors that come later. */
  String name() {
    return policies.toString();
  }

  static PolicySet read(SourceText source, Format format) {
    return switch (format) {
      case cedar -> CedarParser.policySet(source);
      case json -> PolicySetJson.read(source);
    };
  }

  private static PolicySet withLinks(PolicySet written, SourceText source) {
    PolicySet linked = written;
    for (JsonTree tree : JsonFields.list(JsonTrees.read(source))) {
      JsonTree.Obj link = JsonFields.object(tree);
      JsonFields.allowOnly(link, Set.of("template_id", "link_id", "args"));
      JsonTree templateId = JsonFields.required(link, "template_id");
      Template template = written.templates().get(JsonFields.string(templateId));
      if (template == null) {
        throw new CedarParseException(
            templateId.span(),
            "there is no such template",
            "the templates are " + String.join(", ", written.templates().keySet()));
      }
      linked =
          linked.with(
              Policy.link(
                  JsonFields.string(JsonFields.required(link, "link_id")),
                  template,
                  values(JsonFields.object(JsonFields.required(link, "args")))));
    }
    return linked;
  }

  private static Map<Slot, EntityUid> values(JsonTree.Obj arguments) {
    Map<Slot, EntityUid> values = new EnumMap<>(Slot.class);
    JsonFields.allowOnly(arguments, Set.of(Slot.PRINCIPAL.text(), Slot.RESOURCE.text()));
    for (Slot slot : Slot.values()) {
      JsonTree value = arguments.get(slot.text());
      if (value != null) {
        values.put(
            slot,
            CedarParser.entityUid(
                new SourceText(value.span().source().name(), JsonFields.string(value))));
      }
    }
    return values;
  }
}
