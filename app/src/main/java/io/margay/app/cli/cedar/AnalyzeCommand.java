package io.margay.app.cli.cedar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.TextOrJson;
import io.margay.app.cli.cedar.CedarFiles.Format;
import io.margay.cedar.Request;
import io.margay.cedar.analyze.Analysis;
import io.margay.cedar.analyze.Analyzer;
import io.margay.cedar.analyze.Comparison;
import io.margay.cedar.analyze.Finding;
import io.margay.cedar.analyze.RecordedRequests;
import io.margay.cedar.analyze.RecordedRequests.Flip;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.conform.EntitiesReader;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.json.EntityJson;
import io.margay.cedar.json.RequestJson;
import io.margay.cedar.schema.Schema;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay cedar analyze}: what a policy set means as a whole. */
@Command(
    name = "analyze",
    description = {
      "Finds policies that do nothing, compares two policy sets, and tells which recorded requests"
          + " a",
      "change flips. Findings, equality, differences and flips are exact; where neither equality"
          + " nor",
      "a difference is shown, the search was bounded, and the output says so.",
      "Exit codes: 0 done, 3 the sets differ or requests flip, 1 an input could not be used."
    },
    mixinStandardHelpOptions = true)
public final class AnalyzeCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;

  @Spec private CommandSpec spec;
  @Mixin private PolicyOptions policies;
  @Mixin private SchemaOptions schemas;

  @Option(
      names = "--compare-with",
      paramLabel = "FILE",
      description = "A second policy set: does it allow the same?")
  private @Nullable Path other;

  @Option(
      names = "--requests",
      paramLabel = "FILE",
      description = "Recorded requests, a JSON list: which does the second policy set flip?")
  private @Nullable Path requests;

  @Option(
      names = "--entities",
      paramLabel = "FILE",
      description = "The entities for the recorded requests.")
  private @Nullable Path entities;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextOrJson output = TextOrJson.text;

  @Override
  public Integer call() {
    if (requests != null && other == null) {
      throw new CommandFailure("--requests needs the changed policies: give --compare-with FILE");
    }
    Schema schema = schemas.readRequired();
    PolicySet set = policies.read();
    Analyzer analyzer = new Analyzer(schema);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    PrintWriter out = spec.commandLine().getOut();
    Analysis analysis = CedarFiles.read(() -> analyzer.analyze(set));
    addAnalysis(analysis, json);
    boolean differs = false;
    if (output == TextOrJson.text) {
      print(analysis, out);
    }
    if (other != null) {
      PolicySet changed =
          CedarFiles.read(() -> PolicyOptions.read(CedarFiles.text(other), Format.cedar));
      Comparison comparison = CedarFiles.read(() -> analyzer.compare(set, changed));
      differs = comparison instanceof Comparison.Different;
      report(comparison, json, out);
      if (requests != null) {
        List<Flip> flips = flips(schema, set, changed);
        differs |= !flips.isEmpty();
        report(flips, json, out);
      }
    }
    if (output == TextOrJson.json) {
      out.println(json.toPrettyString());
    }
    return differs ? DIFFERENT : 0;
  }

  private static void addAnalysis(Analysis analysis, ObjectNode json) {
    ArrayNode findings = json.putArray("findings");
    for (Finding finding : analysis.findings()) {
      ObjectNode node =
          findings
              .addObject()
              .put("kind", finding.kind().name().toLowerCase(Locale.ROOT))
              .put("policy", finding.policyId());
      finding.others().forEach(node.putArray("others")::add);
    }
    analysis.undecided().forEach(json.putArray("undecided")::add);
  }

  private static void print(Analysis analysis, PrintWriter out) {
    analysis.findings().forEach(out::println);
    if (analysis.findings().isEmpty()) {
      out.println("no policy is proven to do nothing");
    }
    analysis
        .undecided()
        .forEach(id -> out.println(id + ": too many cases to search; nothing is claimed about it"));
  }

  private void report(Comparison comparison, ObjectNode json, PrintWriter out) {
    ObjectNode node = json.putObject("comparison");
    String text =
        switch (comparison) {
          case Comparison.Equal _ -> {
            node.put("result", "equal");
            yield "proven: both policy sets allow the same requests";
          }
          case Comparison.Different different -> {
            node.put("result", "different").put("allowedByFirst", different.allowedByFirst());
            node.set("request", RequestJson.write(different.request()));
            node.set("entities", EntityJson.writeAll(different.entities()));
            yield "the policy sets differ: "
                + described(different.request())
                + " is "
                + (different.allowedByFirst() ? "allowed" : "denied")
                + " by the first and "
                + (different.allowedBySecond() ? "allowed" : "denied")
                + " by the second (-o json gives the entities)";
          }
          case Comparison.Unknown(long tried) -> {
            node.put("result", "unknown").put("tried", tried);
            yield "no difference in "
                + tried
                + " requests that were tried, and no proof that there"
                + " is none";
          }
        };
    if (output == TextOrJson.text) {
      out.println(text);
    }
  }

  private static String described(Request request) {
    return request.principal()
        + " "
        + request.action()
        + " "
        + request.resource()
        + " "
        + request.context();
  }

  private List<Flip> flips(Schema schema, PolicySet before, PolicySet after) {
    return CedarFiles.read(() -> {
      Entities store =
          entities == null
              ? Entities.of(EntitiesReader.actions(schema))
              : EntitiesReader.read(CedarFiles.text(entities), schema);
      return RecordedRequests.flips(
          RecordedRequests.read(CedarFiles.text(requests), schema), store, before, after);
    });
  }

  private void report(List<Flip> flips, ObjectNode json, PrintWriter out) {
    ArrayNode nodes = json.putArray("flips");
    for (Flip flip : flips) {
      nodes
          .addObject()
          .put("number", flip.number())
          .put("before", flip.before().isAllowed() ? "allow" : "deny")
          .set("request", RequestJson.write(flip.request()));
      if (output == TextOrJson.text) {
        out.println(
            "request "
                + flip.number()
                + " "
                + described(flip.request())
                + ": "
                + flip.before().verdict()
                + " becomes "
                + flip.after().verdict());
      }
    }
    if (output == TextOrJson.text) {
      out.println(flips.size() + " recorded requests flip");
    }
  }
}
