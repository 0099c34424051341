package io.margay.app.cli.cedar;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.cedar.CedarFiles.Format;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.schema.Schema;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the schema comes from. */
final class SchemaOptions {
  @Option(
      names = {"-s", "--schema"},
      paramLabel = "FILE",
      description = "The schema.")
  private @Nullable Path schema;

  @Option(
      names = "--schema-format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.cedar;

  Optional<Schema> read() {
    return Optional.ofNullable(schema).map(file -> CedarFiles.read(() -> read(file)));
  }

  Schema readRequired() {
    return read().orElseThrow(() -> new CommandFailure("this needs a schema: give --schema FILE"));
  }

  private Schema read(Path file) {
    SourceText source = CedarFiles.text(file);
    return switch (format) {
      case cedar -> Schema.parse(source);
      case json -> Schema.parseJson(source);
    };
  }
}
