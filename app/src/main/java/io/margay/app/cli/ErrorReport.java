package io.margay.app.cli;

import io.margay.dataplane.DataplaneException;
import io.margay.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong, each thing in one line on standard error. A stack trace is for those who
 * mend the program: it is shown only for failures that nobody foresaw, or with MARGAY_DEBUG set.
 */
public final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ErrorReport.class);

  /** The exit code of a command that was understood and failed. */
  public static final int FAILED = 1;

  /** The exit code of a command line that was not understood. */
  public static final int USAGE = 2;

  /** The exit code of a check that was made and came out badly: a pipeline should stop. */
  public static final int CONTRADICTED = 3;

  /** The exit code of a check that found nothing bad, and did not look at all that was asked. */
  public static final int DOUBTFUL = 4;

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof ParameterException usage) {
      return handleParseException(usage, new String[0]);
    }
    PrintWriter err = command.getErr();
    lines(e).forEach(line -> err.println("error: " + line));
    if (System.getenv("MARGAY_DEBUG") != null) {
      e.printStackTrace(err);
    }
    return FAILED;
  }

  private static List<String> lines(Exception e) {
    return switch (e) {
      case CommandFailure failure -> failure.lines();
      case StoreException refused -> List.of(message(refused));
      case DataplaneException refused -> List.of(message(refused));
      case UncheckedIOException io -> List.of(message(io.getCause() == null ? io : io.getCause()));
      case IOException io -> List.of(message(io));
      default -> {
        log.error("unexpected failure", e);
        yield List.of("unexpected failure: " + e);
      }
    };
  }

  private static String message(Exception e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      default -> text;
    };
  }
}
