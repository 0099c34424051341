package io.margay.bench;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A benchmark: results are lines on standard output, and what it does meanwhile is told beside. */
@SuppressWarnings("NullAway.Init") // picocli sets the field
public abstract class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** One result, as a line of JSON. */
  protected final void print(JsonLine line) {
    println(line.toString());
  }

  /** One result that is JSON already. */
  protected final void println(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  protected final void progress(String text) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("margay: " + text);
    err.flush();
  }
}
