package io.margay.app.cli.cedar;

import io.margay.app.cli.CommandFailure;
import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.PolicySetException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.parser.CedarParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the files of a command, and turns what is wrong with them into a failure of it. */
final class CedarFiles {
  private CedarFiles() {}

  /** The formats of policies and schemas. */
  enum Format {
    cedar,
    json
  }

  /** The text of a file; of standard input where there is none, or it is {@code -}. */
  static SourceText text(@Nullable Path file) {
    try {
      return file == null || file.toString().equals("-")
          ? CedarParser.decode("stdin", System.in.readAllBytes())
          : CedarParser.decode(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What reading gives; every error of an input becomes a line. */
  static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (CedarParseException e) {
      throw CommandFailure.ofLines(e.errors().stream().map(CedarError::toString).toList());
    } catch (PolicySetException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }
}
