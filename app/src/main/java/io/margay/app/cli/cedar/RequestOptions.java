package io.margay.app.cli.cedar;

import io.margay.app.cli.CommandFailure;
import io.margay.cedar.CedarError;
import io.margay.cedar.Request;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.conform.RequestConformance;
import io.margay.cedar.conform.RequestReader;
import io.margay.cedar.json.JsonTrees;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The request: in its parts, or as one JSON file. */
final class RequestOptions {
  @Option(
      names = {"-l", "--principal"},
      paramLabel = "ENTITY",
      description = "Who asks, such as User::\"alice\".")
  private @Nullable String principal;

  @Option(
      names = {"-a", "--action"},
      paramLabel = "ENTITY",
      description = "To do what, such as Action::\"view\".")
  private @Nullable String action;

  @Option(
      names = {"-r", "--resource"},
      paramLabel = "ENTITY",
      description = "To what, such as File::\"a.txt\".")
  private @Nullable String resource;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "FILE",
      description = "The context: a JSON object.")
  private @Nullable Path context;

  @Option(
      names = "--request-json",
      paramLabel = "FILE",
      description = "All of it: a JSON object with principal, action, resource and context.")
  private @Nullable Path json;

  @Option(
      names = "--request-validation",
      arity = "1",
      paramLabel = "BOOL",
      description = "Whether the schema must allow the request (default: ${DEFAULT-VALUE}).")
  private boolean validation = true;

  /** The request, which the schema allows where there is one and nobody has said otherwise. */
  Request read(Optional<Schema> schema) {
    Request request = CedarFiles.read(() -> read(schema.orElse(null)));
    if (validation && schema.isPresent()) {
      List<CedarError> errors = RequestConformance.check(request, schema.get());
      if (!errors.isEmpty()) {
        throw CommandFailure.ofLines(errors.stream().map(CedarError::toString).toList());
      }
    }
    return request;
  }

  private Request read(@Nullable Schema schema) {
    boolean parts = principal != null || action != null || resource != null || context != null;
    if (json != null) {
      if (parts) {
        throw new CommandFailure(
            "--request-json holds the whole request: leave out --principal, --action, --resource"
                + " and --context");
      }
      return RequestReader.read(CedarFiles.text(json), schema);
    }
    EntityUid asked = entity("--action", action);
    return new Request(
        entity("--principal", principal),
        asked,
        entity("--resource", resource),
        context == null
            ? RecordValue.EMPTY
            : RequestReader.context(JsonTrees.read(CedarFiles.text(context)), asked, schema));
  }

  private static EntityUid entity(String option, @Nullable String text) {
    if (text == null) {
      throw new CommandFailure(
          "a request has all of --principal, --action and --resource: " + option + " is missing");
    }
    return CedarParser.entityUid(new SourceText(option, text));
  }
}
